"""The addresses of pages about appointments."""

from datetime import date

from django.urls import path, register_converter

from appointments.views.customer import answer, feedback, own_choice
from appointments.views.desk import (
    codes,
    customers,
    keys,
    merging,
    promises,
    queues,
    recovery,
    search,
)
from appointments.views.desk.diary import appointment, board, new, news, repeating, week
from appointments.views.desk.disruptions import board as disruption_board
from appointments.views.desk.disruptions import closing, late, plan_day, plans
from appointments.views.desk.disruptions import said as disruptions
from appointments.views.desk.moving import agreed
from appointments.views.desk.moving import rounds as moving
from appointments.views.desk.playbook import pages as playbook
from appointments.views.desk.playbook import practice
from appointments.views.managers.setup import days, mail, pages, steps
from appointments.views.public import first_owner, policy


class DayConverter:
    """A day of this century in an address: `2026-11-24`. Anything that is no day does not exist."""

    regex = r"20\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(DayConverter, "day")

urlpatterns = [
    path("", board.home, name="home"),
    path("board/<slug:location>/", board.today, name="board-today"),
    path("board/<slug:location>/<day:day>/", board.board, name="board"),
    path("appointments/new/", new.book, name="new-appointment"),
    path("appointments/new/people/", new.people, name="new-people"),
    path("board/<slug:location>/week/", week.this_week, name="this-week"),
    path("board/<slug:location>/week/<int:pk>/", week.this_week, name="this-week"),
    path("board/<slug:location>/week/<day:day>/", week.of_the_place, name="place-week"),
    path("board/<slug:location>/week/<day:day>/<int:pk>/", week.of_resource, name="resource-week"),
    path("news/<str:key>/", news.news, name="board-news"),
    path("appointments/<int:pk>/", appointment.appointment, name="appointment"),
    path("appointments/<int:pk>/take-back/", new.take_back, name="take-back-appointment"),
    path("appointments/<int:pk>/details/", appointment.details_of, name="appointment-details"),
    path("appointments/<int:pk>/repeat/", repeating.again, name="repeat-appointment"),
    path("appointments/<int:pk>/cancel/", appointment.cancel, name="cancel-appointment"),
    path("appointments/<int:pk>/missed/", appointment.mark_missed, name="mark-missed"),
    path("appointments/<int:pk>/came/", appointment.came, name="came-after-all"),
    path("counts/", board.counts, name="counts"),
    path("search/", search.search, name="search"),
    path("keys/letters/", keys.letters, name="letter-keys"),
    path("appointments/<int:pk>/move/", moving.propose, name="propose"),
    path("appointments/<int:pk>/agreed/", agreed.move, name="move-as-agreed"),
    path("appointments/<int:pk>/move/menu/", playbook.menu, name="solution-menu"),
    path("rounds/<int:pk>/", moving.round_page, name="request"),
    path("rounds/<int:pk>/undo/", moving.undo, name="undo-offer"),
    path("rounds/<int:pk>/again/", moving.propose_again, name="propose-again"),
    path("rounds/<int:pk>/withdraw/", moving.withdraw, name="withdraw-offer"),
    path("queues/assign/", queues.assign, name="assign"),
    path("queues/views/<int:pk>/forget/", queues.forget_view, name="forget-view"),
    path("queues/failed/<int:pk>/send-again/", queues.send_again, name="send-again"),
    path("queues/<slug:code>/", queues.queue, name="queue"),
    path("queues/<slug:code>/news/", queues.news, name="queue-news"),
    path("queues/<slug:code>/save/", queues.save_view, name="save-view"),
    path("waiting/", queues.queue, {"code": "waiting"}, name="waiting"),
    path("to-move/", queues.queue, {"code": "to-move"}, name="to-move"),
    path("to-move/<int:pk>/takes-place/", disruptions.takes_place, name="takes-place"),
    path("disruptions/", disruptions.all_of_them, name="disruptions"),
    path("board/<slug:location>/<day:day>/not-available/", disruptions.declare, name="declare"),
    path("board/<slug:location>/late/", late.say, name="late"),
    path("disruptions/<int:pk>/late/", late.said, name="late-said"),
    path("disruptions/<int:pk>/late/undo/", late.undo, name="undo-late"),
    path("disruptions/<int:pk>/", disruption_board.board, name="disruption"),
    path("disruptions/<int:pk>/news/", disruption_board.news, name="disruption-news"),
    path("disruptions/<int:pk>/plan/", plans.plan, name="plan"),
    path("disruptions/<int:pk>/plan/begin/", plans.begin, name="begin-plan"),
    path("disruptions/<int:pk>/plan/days/", plan_day.day, name="plan-days"),
    path("disruptions/<int:pk>/plan/preview/", plans.preview, name="plan-preview"),
    path("disruptions/<int:pk>/plan/send/", plans.send, name="send-plan"),
    path("disruptions/<int:pk>/plan/progress/", plans.progress, name="plan-progress"),
    path("disruptions/<int:pk>/plan/<int:appointment_pk>/", plans.line, name="plan-line"),
    path("disruptions/<int:pk>/plan/<int:appointment_pk>/adjust/", plans.adjust, name="adjust-line"),
    path("disruptions/<int:pk>/end/", disruptions.change_end, name="change-end"),
    path("disruptions/<int:pk>/close/", closing.close, name="close-disruption"),
    path("disruptions/<int:pk>/report/", closing.report, name="disruption-report"),
    path("disruptions/<int:pk>/call-off/", disruptions.call_off, name="call-off"),
    path("calls/", queues.queue, {"code": "calls"}, name="calls"),
    path("promises/", queues.queue, {"code": "promises"}, name="promises"),
    path("promises/<int:pk>/", promises.promise, name="promise"),
    path("promises/<int:pk>/reply/", promises.reply, name="reply"),
    path("promises/<int:pk>/answer/take-back/", promises.take_back, name="take-back-reply"),
    path("promises/<int:pk>/hand-over/", promises.hand_over, name="hand-over"),
    path("complaints/", recovery.complaints, name="complaints"),
    path("complaints/<int:pk>/", recovery.case, name="complaint"),
    path("complaints/<int:pk>/points/<int:point_pk>/", recovery.point, name="answer-point"),
    path("complaints/<int:pk>/settle/", recovery.settle, name="settle-complaint"),
    path("complaints/<int:pk>/hand-over/", recovery.hand_on, name="hand-on-complaint"),
    path("appointments/<int:pk>/complaint/", recovery.write_down, name="write-complaint"),
    path("codes/", codes.all_of_them, name="codes"),
    path("codes/<int:pk>/", codes.code, name="code"),
    path("codes/<int:pk>/redeem/", codes.redeem, name="redeem-code"),
    path("codes/<int:pk>/grant/", codes.grant, name="grant-code"),
    path("codes/<int:pk>/refuse/", codes.refuse, name="refuse-code"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/correct/", customers.correct, name="correct-customer"),
    path("customers/<int:pk>/same/", merging.same, name="same-person"),
    path("customers/<int:pk>/same/<int:other>/", merging.merge, name="merge-customers"),
    path("customers/<int:pk>/same/<int:other>/two/", merging.two, name="two-people"),
    path("customers/merges/<int:pk>/undo/", merging.undo, name="undo-merge"),
    path("playbook/", playbook.playbook, name="playbook"),
    path("playbook/begin/", playbook.begin, name="begin-playbook"),
    path("playbook/others/<int:pk>/", playbook.looked_at, name="looked-at"),
    path("playbook/new/", playbook.write, name="new-solution"),
    path("playbook/<int:pk>/", playbook.solution, name="solution"),
    path("playbook/<int:pk>/write/", playbook.write, name="write-solution"),
    path("playbook/<int:pk>/look-over/", playbook.look_over, name="look-over-solution"),
    path("playbook/<int:pk>/comment/", playbook.comment, name="comment-solution"),
    path("playbook/<int:pk>/vote/", playbook.vote, name="vote-solution"),
    path("playbook/<int:pk>/read/", playbook.mark_read, name="read-solution"),
    path("first/", first_owner.first_owner, name="first-owner"),
    path("setup/", steps.overview, name="setup"),
    path("setup/business/", steps.business, name="setup-business"),
    path("setup/places/", steps.places, name="setup-places"),
    path("setup/people/", steps.people, name="setup-people"),
    path("setup/services/", steps.services, name="setup-services"),
    path("setup/reasons/", steps.reasons, name="setup-reasons"),
    path("setup/bring/", steps.bring, name="setup-bring"),
    path("setup/put-away/", steps.put_away, name="setup-put-away"),
    path("setup/<slug:step>/later/", steps.later, name="setup-later"),
    path("settings/", pages.overview, name="settings"),
    path("settings/mail/", mail.server, name="settings-mail"),
    path("settings/business/", pages.business, name="settings-business"),
    path("settings/places/new/", pages.place, name="settings-new-place"),
    path("settings/places/<int:pk>/", pages.place, name="settings-place"),
    path("settings/places/<int:pk>/closures/", days.closures, name="settings-closures"),
    path("settings/places/<int:pk>/closures/<int:closure_pk>/open/", days.open_again, name="settings-open-again"),
    path("settings/places/<int:pk>/holidays/<int:year>/", days.year, name="settings-holidays"),
    path("settings/people/new/", pages.resource, name="settings-new-person"),
    path("settings/people/<int:pk>/", pages.resource, name="settings-person"),
    path("settings/services/new/", pages.service, name="settings-new-service"),
    path("settings/services/<int:pk>/", pages.service, name="settings-service"),
    path("settings/reasons/new/", pages.reason, name="settings-new-reason"),
    path("settings/reasons/<int:pk>/", pages.reason, name="settings-reason"),
    path("policy/", policy.page, name="policy"),
    path("policy/part/", policy.snippet, name="policy-snippet"),
    path("policy/spoken.txt", policy.spoken, name="policy-spoken"),
    path("practice/", practice.practice, name="practice"),
    path("practice/<slug:code>/", practice.scenario, name="practise"),
    path("r/<str:token>/", answer.page, name="answer"),
    path("r/<str:token>/appointment.ics", answer.calendar_file, name="calendar-file"),
    path("r/<str:token>/seen/", answer.seen, name="seen"),
    path("r/<str:token>/pick/", answer.pick, name="pick"),
    path("r/<str:token>/other-times/", answer.other_times, name="other_times"),
    path("r/<str:token>/call-me/", answer.call_me, name="call_me"),
    path("r/<str:token>/keep/", answer.keep, name="keep"),
    path("r/<str:token>/cancel/", answer.cancel, name="cancel"),
    path("r/<str:token>/tell/", answer.tell, name="tell"),
    path("r/<str:token>/move/", own_choice.move, name="own-times"),
    path("r/<str:token>/back/", answer.back, name="back"),
    path("f/<str:token>/", feedback.questions, name="feedback"),
    path("f/<str:token>/words/", feedback.words, name="feedback-words"),
    path("f/<str:token>/helped/", feedback.helped, name="helped"),
    path("f/<str:token>/mood/", feedback.mood, name="mood"),
    path("f/<str:token>/no-more/", feedback.no_more, name="no-more-questions"),
]

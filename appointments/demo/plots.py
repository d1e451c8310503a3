"""How each move went, played through the rules of the product with the clock of its day.

Nothing here writes a state by itself: rounds open, are answered and end by the same functions as in real life, so
whatever the database says about the past is what the product would have written.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.models import User

from appointments.demo import post
from appointments.demo.chance import around
from appointments.demo.moves import CAN_KEEP, Plot, Story
from appointments.demo.reasons import WORDS_CALL_ME, WORDS_OTHER_TIMES, Cause, note_for
from appointments.domain import promises
from appointments.domain.actors import CUSTOMER, staff
from appointments.domain.moving import answers, causes, chasing, drafts, offers, rounds
from appointments.domain.moving.phone.calls import Call, record_call
from appointments.domain.schedule.slots import find_alternatives
from appointments.domain.schedule.waking import latest_hour
from appointments.domain.schedule.wishes import Wishes
from appointments.enums import CallOutcome, PromiseKind
from appointments.models import Appointment, Promise, Reason, RescheduleRequest

EARLIEST, LATEST = time(6, 30), time(22, 15)
USUALLY_TO_ANSWER = timedelta(hours=24)
BEFORE_THE_LAST = timedelta(minutes=35)
"""Between the time to answer by and the moment when the first offer cannot be taken any more."""


@dataclass
class Stage:
    """One appointment on its way: who speaks for us, and the dice of this one story."""

    chance: random.Random
    appointment: Appointment
    cause: Cause
    reason: Reason
    desk: User
    step: int = 0

    def nonce(self) -> str:
        self.step += 1
        return f"demo-{self.appointment.pk}-{self.step}"

    def words(self, lines: Mapping[str, Sequence[str]]) -> str:
        return self.chance.choice(lines[self.appointment.customer.language])

    def open(self, at: datetime, *, respond_by: datetime | None = None) -> RescheduleRequest | None:
        """A colleague offers what is free. None when there are not two times worth offering."""
        needed = max(at + drafts.TIME_TO_ANSWER, respond_by or at)
        limit = self.chance.choice((3, 3, 4))
        # One appointment at a time is moved here; what is said of the day keeps out the times, but hits nobody else.
        usual = causes.usual(self.appointment, self.reason, now=at)
        missing = None if usual is None else causes.of_itself(self.appointment)
        outages = [outage for one in (usual, missing) for outage in causes.outages_of(one, self.appointment)]
        soonest = needed + BEFORE_THE_LAST
        found = find_alternatives(self.appointment, now=at, limit=limit, not_before=soonest, outages=outages)
        latest = {
            one: drafts.takeable_until(one.slot.starts_at, self.appointment.service, offered_at=at) for one in found
        }
        found = [one for one in found if latest[one] - BEFORE_THE_LAST > needed]
        if len(found) < drafts.FEWEST:
            return None
        answer_by = min(respond_by or at + USUALLY_TO_ANSWER, *(latest[one] - BEFORE_THE_LAST for one in found))
        kept = self.chance.random() < 0.85
        draft = drafts.Draft(
            reason=self.reason,
            offers=tuple(
                drafts.ChosenOffer(one.slot, one.why, guaranteed=kept or turn == 0) for turn, one in enumerate(found)
            ),
            respond_by=latest_hour(answer_by, self.appointment.location.tzinfo),
            contact=self.desk,
            personal_note=note_for(self.cause, self.appointment.customer.language, self.chance.random()),
            can_keep=self.cause.code in CAN_KEEP,
            nonce=self.nonce(),
            missing=missing,
        )
        return rounds.open_round(self.appointment, draft, by=staff(self.desk), now=at)

    def awake(self, moment: datetime, *, before: datetime) -> datetime:
        """When the customer gets round to it: not in the middle of the night if there is time until morning."""
        local = moment.astimezone(self.appointment.location.tzinfo)
        if local.time() < EARLIEST:
            later = datetime.combine(local.date(), EARLIEST, local.tzinfo)
        elif local.time() > LATEST:
            later = datetime.combine(local.date() + timedelta(days=1), EARLIEST, local.tzinfo)
        else:
            later = local
        later += timedelta(minutes=self.chance.randrange(50)) if later != local else timedelta()
        return min(later, before - timedelta(minutes=4))

    def answer_time(self, round_: RescheduleRequest, *, share: tuple[float, float] | None = None) -> datetime:
        """A time to answer: within a share of the time there is, or soon as people do; after the message has left."""
        given = round_.respond_by - round_.opened_at
        if share:
            at = round_.opened_at + given * self.chance.uniform(*share)
        else:
            longest = given * 0.45 / timedelta(hours=1)
            at = round_.opened_at + timedelta(hours=min(longest, around(self.chance, 2.5, least=0.1, most=10)))
        left = post.deliver(self.appointment, until=round_.respond_by)
        earliest = (left or round_.opened_at) + timedelta(minutes=3)
        return self.awake(max(at, earliest), before=max(round_.respond_by, earliest + timedelta(minutes=6)))

    def pick(self, round_: RescheduleRequest, at: datetime, *, on_the_phone: bool = False) -> datetime:
        """Chooses one of what can still be taken, mostly one of the first."""
        live = offers.takeable(round_, now=at)
        offer = live[min(len(live) - 1, int(self.chance.expovariate(1.3)))]
        answers.accept(offer, nonce=self.nonce(), now=at, by=CUSTOMER, recorded_by=self.desk if on_the_phone else None)
        return at

    def owed(self, round_: RescheduleRequest) -> Promise:
        """What a colleague has to act on for this round."""
        found: Promise | None = (
            Promise.objects.open().filter(request=round_).exclude(kind=PromiseKind.HOLD).order_by("due_at").first()
        )
        if found is None:
            raise LookupError(f"nothing is owed for round {round_.pk}")
        return found

    def phone(self, round_: RescheduleRequest, since: datetime) -> datetime:
        """A colleague phones before the promised time, at times twice, and the customer chooses."""
        at = since
        if self.chance.random() < 0.3:
            at = self._call(round_, since, Call(CallOutcome.NO_ANSWER))
        live = offers.takeable(round_, now=self.owed(round_).due_at)
        agreed = Call(CallOutcome.CHOSE, offer=live[0]) if live else Call(CallOutcome.CANCEL)
        return self._call(round_, at, agreed)

    def _call(self, round_: RescheduleRequest, since: datetime, call: Call) -> datetime:
        promise = self.owed(round_)
        at = since + (promise.due_at - since) * self.chance.uniform(0.25, 0.8)
        record_call(promise, call, nonce=self.nonce(), by=self.desk, now=at)
        return at

    def reply(self, since: datetime, *, how: str) -> datetime:
        """Answers in person what the customer told us."""
        at = since
        for promise in Promise.objects.open().filter(appointment=self.appointment, kind=PromiseKind.REPLY):
            late = self.chance.random() < 0.06
            at = since + (promise.due_at - since) * (1.2 if late else self.chance.uniform(0.2, 0.9))
            promises.keep(promise, how=how, by=staff(self.desk), now=at)
        return at


def play(stage: Stage, story: Story, *, now: datetime) -> bool:
    """From the first offer to the end of the last round. False when nothing could be offered: then nothing happened."""
    round_ = stage.open(story.opened_at)
    if round_ is None:
        return False
    PLOTS[story.plot](stage, round_)
    stage.appointment.refresh_from_db()
    if story.comes_back and not stage.appointment.customer.phone:
        _returned(stage, round_)
    post.deliver(stage.appointment, until=now)
    return True


def _returned(stage: Stage, round_: RescheduleRequest) -> None:
    """The confirmation cannot be delivered and there is no number either: told at the next chance."""
    closed = stage.appointment.requests.order_by("-round").values_list("closed_at", flat=True).first()
    if closed is None or not post.bounce(stage.appointment, "confirmation", now=closed + timedelta(seconds=4)):
        return
    for promise in Promise.objects.open().filter(appointment=stage.appointment, kind=PromiseKind.CALL):
        told = closed + (promise.due_at - closed) * 0.6
        promises.keep(promise, how="Disampaikan langsung di klinik.", by=staff(stage.desk), now=told)


def _picked(stage: Stage, round_: RescheduleRequest) -> None:
    stage.pick(round_, stage.answer_time(round_))


def _nudged(stage: Stage, round_: RescheduleRequest) -> None:
    half = round_.opened_at + (round_.respond_by - round_.opened_at) / 2
    post.deliver(stage.appointment, until=half)
    chasing.nudge(round_, turn=1, now=half + timedelta(seconds=20))
    stage.pick(round_, stage.answer_time(round_, share=(0.55, 0.78)))


def _phoned(stage: Stage, round_: RescheduleRequest) -> None:
    """Who asked for another time is on the phone already, or calls back."""
    stage.pick(round_, stage.answer_time(round_, share=(0.01, 0.2)), on_the_phone=True)


def _other_times(stage: Stage, round_: RescheduleRequest) -> None:
    at = stage.answer_time(round_)
    parts = frozenset({stage.chance.choice(("morning", "afternoon"))})
    wishes = Wishes(parts=parts, person=stage.chance.choice(("any", "any", "same")))
    words = stage.words(WORDS_OTHER_TIMES) if stage.chance.random() < 0.5 else ""
    answers.ask_other_times(round_, wishes=wishes, words=words, nonce=stage.nonce(), now=at)
    stage.appointment.refresh_from_db()
    later = stage.reply(at, how="Dijawab lewat telepon.")
    fresh = stage.appointment.requests.live().get()
    if fresh.pk == round_.pk:
        stage.phone(fresh, at)
    else:
        stage.pick(fresh, max(stage.answer_time(fresh, share=(0.05, 0.4)), min(later, fresh.respond_by)))


def _call_me(stage: Stage, round_: RescheduleRequest) -> None:
    at = stage.answer_time(round_)
    answers.call_me(round_, words=stage.words(WORDS_CALL_ME), nonce=stage.nonce(), now=at)
    round_.refresh_from_db()
    post.deliver(stage.appointment, until=at + timedelta(minutes=5))
    stage.phone(round_, at)


def _silent(stage: Stage, round_: RescheduleRequest) -> None:
    given = round_.respond_by - round_.opened_at
    for turn, share in ((1, 0.5), (2, 0.8)):
        at = round_.opened_at + given * share + timedelta(seconds=15)
        post.deliver(stage.appointment, until=at)
        chasing.nudge(round_, turn=turn, now=at)
    over = round_.respond_by + timedelta(seconds=25)
    post.deliver(stage.appointment, until=over)
    chasing.expire(round_, now=over)
    round_.refresh_from_db()
    post.deliver(stage.appointment, until=over + timedelta(minutes=5))
    stage.phone(round_, over)


def _kept(stage: Stage, round_: RescheduleRequest) -> None:
    at = stage.answer_time(round_)
    if round_.can_keep and at < stage.appointment.starts_at:
        answers.keep(round_, nonce=stage.nonce(), now=at)
    else:
        stage.pick(round_, at)


def _cancelled(stage: Stage, round_: RescheduleRequest) -> None:
    at = stage.answer_time(round_)
    answers.cancel(round_, nonce=stage.nonce(), now=at)


def _withdrawn(stage: Stage, round_: RescheduleRequest) -> None:
    at = round_.opened_at + timedelta(minutes=stage.chance.randrange(20, 60))
    post.deliver(stage.appointment, until=at)
    if at < stage.appointment.starts_at:
        rounds.withdraw(round_, by=staff(stage.desk), now=at)
    else:
        stage.pick(round_, at)


def _undone(stage: Stage, round_: RescheduleRequest) -> None:
    rounds.undo(round_, by=staff(stage.desk), now=round_.opened_at + timedelta(seconds=11))


PLOTS: dict[Plot, Callable[[Stage, RescheduleRequest], None]] = {
    Plot.PICKED: _picked,
    Plot.NUDGED: _nudged,
    Plot.PHONED: _phoned,
    Plot.OTHER_TIMES: _other_times,
    Plot.CALL_ME: _call_me,
    Plot.SILENT: _silent,
    Plot.KEPT: _kept,
    Plot.CANCELLED: _cancelled,
    Plot.WITHDRAWN: _withdrawn,
    Plot.UNDONE: _undone,
}

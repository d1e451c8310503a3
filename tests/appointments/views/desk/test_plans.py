"""From the head of a column to "on their way": declare, look, change, send."""

import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.domain.disruptions import sending
from appointments.domain.disruptions.planning import shown as a_page
from appointments.enums import LineState, PlanState
from appointments.models import Business, Disruption, DisruptionPlan
from notifications.models import Message
from tests.appointments.domain.disruptions.world import booked_on_tuesday, entered, line_of, planned
from tests.clock import NOW, minutes
from tests.factories import Clinic, CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db
NOT_AVAILABLE = "/board/melati/2026-11-24/not-available/"


def address(plan: DisruptionPlan, name: str = "plan", *more: Any) -> str:
    return reverse(name, args=[plan.disruption_id, *more])


def settings_of(melati: Clinic, **changed: Any) -> dict[str, Any]:
    usual = {"reason": melati.reason.pk, "contact": melati.staff.pk, "window_days": 14, "keep_free": 0}
    return {**usual, "personal_note": "", **changed}


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_column_is_not_available_and_everybody_in_it_has_a_plan(desk: Client, melati: Clinic) -> None:
    first, second = booked_on_tuesday(melati, 9, 10)
    shown = page(desk, f"{NOT_AVAILABLE}?of={melati.provider.pk}")
    assert "checked" in shown.split("Dr. Ratna")[0].rsplit("<input", 1)[1]
    data = {"what": [melati.provider.pk], "how_long": "day", "reason": melati.reason.pk, "may_stand_in": "on"}

    response = desk.post(NOT_AVAILABLE, data, follow=True)

    plan = DisruptionPlan.objects.get()
    assert response.redirect_chain == [(address(plan), 302)]
    assert [line.appointment for line in plan.lines.all()] == [first, second]
    shown = response.content.decode()
    assert all(one.customer.name in shown for one in (first, second))
    assert "Look at the messages to 2 people" in shown
    assert f'href="{reverse("playbook")}?reason={melati.reason.pk}"' in shown
    assert Message.objects.count() == 0


def test_the_same_again_leads_to_the_same_plan_and_says_so(desk: Client, melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    data = {"what": [melati.provider.pk], "how_long": "day", "reason": melati.reason.pk}
    desk.post(NOT_AVAILABLE, data)
    response = desk.post(NOT_AVAILABLE, data, follow=True)
    assert (Disruption.objects.count(), DisruptionPlan.objects.count()) == (1, 1)
    assert "A colleague has entered this already." in response.content.decode()


def test_what_cannot_be_meant_is_said_and_keeps_what_was_typed(desk: Client, melati: Clinic) -> None:
    response = desk.post(NOT_AVAILABLE, {"how_long": "day", "note": "Ask Budi.", "reason": melati.reason.pk})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Tick who or what is not available." in shown and "Ask Budi." in shown

    over = {"what": [melati.provider.pk], "how_long": "span", "reason": melati.reason.pk}
    over |= {"starts": "2026-11-20T10:00", "ends": "2026-11-20T12:00"}
    response = desk.post(NOT_AVAILABLE, over)
    assert (response.status_code, "That time is over." in response.content.decode()) == (422, True)
    assert Disruption.objects.count() == 0


def test_when_nobody_is_hit_the_page_says_so(desk: Client, melati: Clinic) -> None:
    shown = page(desk, address(planned(melati)))
    assert "Nobody is hit by it" in shown and "Look at the message" not in shown


def test_a_setting_changes_the_plan(desk: Client, melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)

    response = desk.post(address(plan), settings_of(melati, same_person="on", personal_note="Sorry."), follow=True)

    plan.refresh_from_db()
    assert (response.status_code, plan.same_person, plan.personal_note) == (200, True, "Sorry.")
    assert line_of(plan, appointment).provider == melati.provider


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": ""}, "Choose the reason"),
        ({"keep_free": 91}, "90"),
        ({"personal_note": "Dear {name}"}, "placeholder"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(desk: Client, melati: Clinic, changed: Any, said: str) -> None:
    booked_on_tuesday(melati, 9)
    response = desk.post(address(planned(melati)), settings_of(melati, **changed))
    assert (response.status_code, said in response.content.decode()) == (422, True)


def test_one_line_is_pinned_phoned_and_written_to(desk: Client, melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    url = address(plan, "adjust-line", appointment.pk)

    response = desk.post(url, {"step": "pin"})
    assert response["Location"] == f"{address(plan)}#line-{appointment.pk}"
    assert line_of(plan, appointment).is_pinned
    desk.post(url, {"step": "unpin"})
    assert not line_of(plan, appointment).is_pinned
    desk.post(url, {"step": "phone"})
    assert line_of(plan, appointment).caller == melati.staff
    assert "phones" in page(desk, address(plan))
    desk.post(url, {"step": "write"})
    assert line_of(plan, appointment).caller is None
    desk.post(url, {"step": "note", "personal_note": "See you soon."})
    assert line_of(plan, appointment).personal_note == "See you soon."
    refused = desk.post(url, {"step": "note", "personal_note": "Dear {name}"})
    assert refused.status_code == 422
    assert "“{name}” looks like a placeholder." in html.unescape(refused.content.decode())
    assert "Dear {name}</textarea>" in refused.content.decode(), "what was typed is not lost"
    assert line_of(plan, appointment).personal_note == "See you soon."


def test_another_time_is_chosen_from_a_list_or_said_by_hand(desk: Client, melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    url = address(plan, "plan-line", appointment.pk)
    shown = page(desk, url)
    key = shown.split('name="key" value="')[1].split('"')[0]

    desk.post(url, {"key": key})
    line = line_of(plan, appointment)
    assert line.starts_at is not None
    assert (line.is_pinned, f"{line.starts_at.timestamp() // 60:.0f}.{line.provider_id}") == (True, key)

    desk.post(url, {"starts": "2026-11-26T19:00", "provider": melati.provider.pk})
    line = line_of(plan, appointment)
    assert (line.outside_hours, line.provider) == (True, melati.provider)
    assert "outside the open hours" in page(desk, address(plan))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "Choose one of the times, or say another one."),
        ({"key": "1.1"}, "Choose one of the times, or say another one."),
        ({"starts": "2026-11-20T10:00"}, "already passed"),
        ({"starts": "2026-11-24T10:00", "provider": "of-the-one-who-is-away"}, "lies in what cannot take place"),
    ],
)
def test_a_time_that_cannot_be_is_refused(desk: Client, melati: Clinic, said: dict[str, Any], why: str) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    if "provider" in said:
        said = {**said, "provider": melati.provider.pk}
    response = desk.post(address(plan, "plan-line", appointment.pk), said)
    assert (response.status_code, why in response.content.decode()) == (422, True)


def test_the_message_is_shown_before_anything_leaves_and_one_button_sends_all(desk: Client, melati: Clinic) -> None:
    booked_on_tuesday(melati, 9, 10)
    plan = planned(melati)
    response = desk.post(address(plan), settings_of(melati, step="preview"), follow=True)
    shown = response.content.decode()
    assert "Send to 2 people" in shown and "The next one" in shown

    response = desk.post(address(plan, "send-plan"), {"step": "send"}, follow=True)
    plan.refresh_from_db()
    assert plan.state == PlanState.COUNTDOWN
    assert "The messages leave in 20 seconds." in response.content.decode()

    sending.send_due(now=NOW + minutes(1))
    shown = page(desk, address(plan, "plan-progress"))
    assert "2 of 2 on their way" in shown
    assert f'href="{reverse("disruption", args=[plan.disruption_id])}">Watch the answers<' in shown


def test_a_countdown_is_stopped(desk: Client, melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    desk.post(address(plan, "send-plan"), {"step": "send"})
    response = desk.post(address(plan, "send-plan"), {"step": "stop"}, follow=True)
    assert "Stopped. Nobody has been told anything." in response.content.decode()
    assert response.redirect_chain[-1][0] == address(plan)


def test_a_second_colleague_agrees_and_not_the_first(desk: Client, melati: Clinic) -> None:
    booked_on_tuesday(melati, 9, 10)
    Business.objects.update(approve_above=1)
    plan = planned(melati)
    response = desk.post(address(plan, "send-plan"), {"step": "send"}, follow=True)
    assert "I agree: send" not in response.content.decode()
    refused = desk.post(address(plan, "send-plan"), {"step": "approve"}, follow=True)
    assert "A second colleague has to agree" in refused.content.decode()

    desk.force_login(melati.manager)
    assert "I agree: send" in page(desk, address(plan, "plan-progress"))
    desk.post(address(plan, "send-plan"), {"step": "approve"})
    plan.refresh_from_db()
    assert (plan.state, plan.approved_by) == (PlanState.COUNTDOWN, melati.manager)


def test_what_failed_is_named_with_its_reason_and_tried_again(desk: Client, melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    melati.booked(appointment.starts_at, provider=melati.colleague, room=None, customer=CustomerFactory())
    sending.ask(plan, by=melati.staff, now=NOW)
    sending.send_due(now=NOW + minutes(1))

    shown = page(desk, address(plan, "plan-progress"))
    assert appointment.customer.name in shown and "taken by somebody else" in shown
    response = desk.post(address(plan, "send-plan"), {"step": "again"}, follow=True)
    assert "1 is tried again." in response.content.decode()
    assert line_of(plan, appointment).state == LineState.PLANNED

    sending.send_due(now=NOW + minutes(2))
    response = desk.post(address(plan, "begin-plan"), follow=True)
    newer = DisruptionPlan.objects.live().get()
    assert (newer == plan, newer.lines.get().starts_at == appointment.starts_at) == (False, False)


def test_of_many_that_failed_some_are_named(desk: Client, melati: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(a_page, "PAGE", 2)
    names = [one.customer.name for one in booked_on_tuesday(melati, 9, 10, 11)]
    plan = planned(melati)
    sending.ask(plan, by=melati.staff, now=NOW)
    plan.lines.update(state=LineState.FAILED, fault="It is gone.")
    shown = page(desk, address(plan, "plan-progress"))
    assert ([name in shown for name in names], "and 1 more" in shown) == ([True, True, False], True)


def test_once_it_is_on_its_way_the_plan_leads_to_how_far_it_is(desk: Client, melati: Clinic) -> None:
    booked_on_tuesday(melati, 9)
    plan = planned(melati)
    assert desk.get(address(plan, "plan-progress"))["Location"] == address(plan)
    sending.ask(plan, by=melati.staff, now=NOW)
    for name in ("plan", "plan-preview"):
        assert desk.get(address(plan, name))["Location"] == address(plan, "plan-progress")
    late = desk.post(address(plan, "send-plan"), {"step": "send"}, follow=True)
    assert "A colleague has sent this plan already." in late.content.decode()


def test_of_many_a_part_is_looked_at_and_a_change_leads_back_to_it(
    desk: Client, melati: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(a_page, "PAGE", 2)
    first, second, third = booked_on_tuesday(melati, 9, 10, 11)
    plan = planned(melati)
    lines = page(desk, address(plan))
    assert [one.customer.name in lines for one in (first, second, third)] == [True, True, False]
    assert f"?after={second.pk}" in lines and "1–2 of 3" in lines

    rest = f"{address(plan)}?after={second.pk}"
    assert "3–3 of 3" in page(desk, rest)
    pinned = desk.post(f"{address(plan, 'adjust-line', third.pk)}?after={second.pk}", {"step": "pin"})
    assert pinned["Location"] == f"{rest}#line-{third.pk}"
    lines = page(desk, f"{address(plan)}?only=pinned")
    assert [one.customer.name in lines for one in (first, second, third)] == [False, False, True]
    lines = page(desk, f"{address(plan)}?q={second.customer.name}")
    assert [f'id="line-{one.pk}"' in lines for one in (first, second, third)] == [False, True, False]
    assert "None of them." in page(desk, f"{address(plan)}?only=without")
    assert "1–2 of 3" in page(desk, f"{address(plan)}?only=nonsense&after=x")
    changed = desk.post(f"{address(plan)}?only=pinned", settings_of(melati))
    assert changed["Location"] == f"{address(plan)}?only=pinned"


@pytest.mark.parametrize("count", [1, 12])
def test_however_many_are_hit_the_page_asks_as_often(
    desk: Client, melati: Clinic, count: int, django_assert_max_num_queries: Any
) -> None:
    booked_on_tuesday(melati, *(8 + n for n in range(min(count, 9))))
    plan = planned(melati)
    with django_assert_max_num_queries(22):
        page(desk, address(plan))


def test_who_does_not_work_at_the_desk_finds_nothing(client: Client, melati: Clinic) -> None:
    appointment = booked_on_tuesday(melati, 9)[0]
    plan = planned(melati)
    client.force_login(UserFactory())
    for url in (NOT_AVAILABLE, address(plan), address(plan, "plan-preview"), address(plan, "plan-progress")):
        assert client.get(url).status_code == 404
    for name, more in (("send-plan", ()), ("begin-plan", ()), ("adjust-line", (appointment.pk,))):
        assert client.post(address(plan, name, *more), {"step": "send"}).status_code == 404
    assert DisruptionPlan.objects.get().state == PlanState.DRAFT


def test_get_changes_nothing(desk: Client, melati: Clinic) -> None:
    plan = planned(melati, entered(melati))
    for name in ("send-plan", "begin-plan"):
        assert desk.get(address(plan, name)).status_code == 405

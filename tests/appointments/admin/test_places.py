"""A manager of one place sees nothing of another one, whatever they ask and however; who has none named sees all."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from appointments.domain.colleagues import places_of
from appointments.domain.people import reach
from appointments.models import (
    AuditEntry,
    CompensationBudget,
    CompensationTable,
    CorrectiveAction,
    Location,
    Reason,
    RecoveryCase,
    RescheduleRequest,
    Resource,
    SpecialDay,
)
from notifications.models import Message
from tests.appointments.admin.pages import form_values, page, rows_of
from tests.clock import NOW, days
from tests.factories.compensation import table_in_force
from tests.factories.two_places import ELSEWHERE, TwoPlaces, two_places

pytestmark = pytest.mark.django_db
NARROWED = sorted(
    (model for model in admin.site._registry if model not in reach.OF_THE_BUSINESS), key=lambda one: one._meta.label
)
FORMATS = ("csv", "xlsx")
REPORTS = ("reasons", "complaints", "given", "promises")
NO_FILTER = reverse("admin:appointments_reschedulerequest_changelist")


@pytest.fixture
def both(db: None) -> TwoPlaces:
    return two_places()


@pytest.fixture
def budi(both: TwoPlaces) -> Iterator[Client]:
    """A browser in which the manager of one place is signed in, after everything has happened."""
    yield from signed_in(both.budi)


@pytest.fixture
def cut(both: TwoPlaces) -> Iterator[Client]:
    yield from signed_in(both.cut)


def signed_in(user: Any) -> Iterator[Client]:
    browser = Client()
    with time_machine.travel(NOW + days(1), tick=False):
        browser.force_login(user)
        yield browser


def noun(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def said(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def elsewhere(both: TwoPlaces, model: type[Model]) -> list[Any]:
    """The rows that are not for the manager of the one place."""
    own = reach.at_places(model._default_manager.all(), frozenset({both.here.location.pk}))
    return list(model._default_manager.exclude(pk__in=own.values("pk")))


@pytest.mark.parametrize("model", NARROWED, ids=noun)
def test_no_list_shows_names_counts_or_finds_what_is_elsewhere(both: TwoPlaces, budi: Client, model: Any) -> None:
    address = reverse(f"admin:{noun(model)}_changelist")
    assert elsewhere(both, model), "there is something to be hidden"
    for query in ({}, {"q": ELSEWHERE.lower()}):
        answer = budi.get(address, query)
        assert answer.status_code == 200
        assert not set(elsewhere(both, model)) & set(rows_of(answer))
        assert ELSEWHERE not in said(answer)


@pytest.mark.parametrize("model", NARROWED, ids=noun)
def test_no_address_leads_to_a_row_that_is_elsewhere(both: TwoPlaces, budi: Client, model: Any) -> None:
    before = AuditEntry.objects.count()
    for row in elsewhere(both, model):
        for view in ("change", "history", "delete"):
            address = reverse(f"admin:{noun(model)}_{view}", args=[row.pk])
            assert [budi.get(address).status_code, budi.post(address, {"post": "yes"}).status_code] in (
                [404, 404],
                [403, 403],
                [404, 403],
                [404, 405],
            ), (view, row)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("model", NARROWED, ids=noun)
def test_every_row_of_theirs_opens_and_says_nothing_of_elsewhere(both: TwoPlaces, budi: Client, model: Any) -> None:
    """Also what stands beneath a row, and what can be chosen in it."""
    for row in reach.at_places(model._default_manager.all(), frozenset({both.here.location.pk})):
        answer = budi.get(reverse(f"admin:{noun(model)}_change", args=[row.pk]))
        assert answer.status_code == 200, row
        assert ELSEWHERE not in said(answer), row


@pytest.mark.parametrize(
    "model", [one for one in NARROWED if getattr(admin.site._registry[one], "export_columns", ())], ids=noun
)
def test_no_file_of_a_list_holds_what_is_elsewhere(both: TwoPlaces, budi: Client, cut: Client, model: Any) -> None:
    address = reverse(f"admin:{noun(model)}_export", args=["csv"])
    assert ELSEWHERE not in said(budi.get(address))
    assert ELSEWHERE in said(cut.get(address)) or model is CompensationBudget


def test_who_works_for_all_places_sees_all(both: TwoPlaces, cut: Client) -> None:
    for model in NARROWED:
        assert set(elsewhere(both, model)) <= set(model._default_manager.all())
        shown = rows_of(cut.get(reverse(f"admin:{noun(model)}_changelist")))
        assert set(elsewhere(both, model)) <= set(shown), model
    assert "You see what is at" not in said(cut.get(reverse("admin:index")))


def test_no_filter_of_an_address_reaches_over(both: TwoPlaces, budi: Client) -> None:
    round_ = RescheduleRequest.objects.filter(appointment__location=both.there.location).first()
    assert round_ is not None
    asked: tuple[dict[str, Any], ...] = (
        {"appointment__location__id__exact": both.there.location.pk},
        {"reason__id__exact": round_.reason_id, "appointment__service__id__exact": both.there.service.pk},
        {"cases": "moves", "appointment__location__id__exact": both.there.location.pk},
    )
    for query in asked:
        assert rows_of(budi.get(NO_FILTER, query)) == []
    about = {"about__exact": round_.appointment.about}
    assert rows_of(budi.get(reverse("admin:notifications_message_changelist"), about)) == []


def test_a_message_of_another_place_is_neither_read_nor_sent_again(both: TwoPlaces, budi: Client) -> None:
    theirs = elsewhere(both, Message)
    Message.objects.filter(pk__in=[one.pk for one in theirs]).update(state="failed", secrets={}, mime=None)
    budi.post(
        reverse("admin:notifications_message_changelist"),
        {"action": "send_again", "_selected_action": [one.pk for one in theirs]},
    )
    assert {one.state for one in elsewhere(both, Message)} == {"failed"}
    assert budi.get(reverse("admin:notifications_message_letter", args=[theirs[0].pk])).status_code == 404


@pytest.mark.parametrize("report", REPORTS)
def test_no_report_counts_what_is_elsewhere(both: TwoPlaces, budi: Client, cut: Client, report: str) -> None:
    """The places are alike, so that whoever sees both counts twice as many as whoever sees one."""
    page, file = reverse(f"admin:{report}-report"), reverse(f"admin:{report}-report-file", args=["csv"])
    assert ELSEWHERE not in said(budi.get(page, {"by": "disruption"}))
    one, all_of_them = last_row(budi.get(file)), last_row(cut.get(file))
    assert one[1] == 1 or report == "promises" or one[1] == 2, one
    assert [2 * figure for figure in one[1:2]] == all_of_them[1:2]
    assert budi.get(reverse(f"admin:{report}-report-file", args=["xlsx"])).status_code == 200


def last_row(answer: Any) -> list[Any]:
    """The figures under the table of a report."""
    cells = said(answer).strip().splitlines()[-1].split(",")
    return [cells[0], *(float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in cells[1:])]


def test_what_a_table_would_have_cost_is_counted_at_their_places(both: TwoPlaces, budi: Client, cut: Client) -> None:
    """It is read by all who may, and put in force or copied by whoever works for all places."""
    table = table_in_force()
    asked = {"start": "2026-11-01", "end": "2026-11-30"}
    address = reverse("admin:compensation-tried", args=[table.pk])
    own, whole = (browser.get(address, asked).context for browser in (budi, cut))
    assert (own["cost"].moves, whole["cost"].moves) == (1, 2)
    assert (own["may_change"], whole["may_change"]) == (False, True)
    for name in ("compensation-copy", "compensation-in-force"):
        assert budi.post(reverse(f"admin:{name}", args=[table.pk])).status_code == 403
    assert CompensationTable.objects.count() == 1


def test_a_report_cannot_be_asked_about_another_place(both: TwoPlaces, budi: Client, cut: Client) -> None:
    asked = {"location": both.there.location.pk}
    assert budi.get(reverse("admin:reasons-report"), asked).status_code == 400
    assert budi.get(reverse("admin:reasons-report-file", args=["csv"]), asked).status_code == 404
    assert cut.get(reverse("admin:reasons-report"), asked).status_code == 200


def test_the_figures_of_a_report_lead_to_as_many_cases(both: TwoPlaces, budi: Client) -> None:
    answer = budi.get(reverse("admin:reasons-report"))
    total, links = answer.context["report"].total, answer.context["total_links"]
    assert total.count == 2
    assert len(rows_of(budi.get(links["moves"]))) == total.count


def test_the_first_page_tells_of_their_places_alone(both: TwoPlaces, budi: Client, cut: Client) -> None:
    Resource.objects.update(upkeep_by=NOW.date())
    own, whole = (browser.get(reverse("admin:index")) for browser in (budi, cut))
    assert "You see what is at Melati Jakarta." in said(own)
    assert (ELSEWHERE in said(own), ELSEWHERE in said(whole)) == (False, True)
    assert 2 * own.context["home"].kept.count == whole.context["home"].kept.count
    assert 2 * own.context["home"].worst.count == whole.context["home"].worst.count


def test_what_is_for_the_whole_business_is_read_and_not_changed(both: TwoPlaces, budi: Client) -> None:
    """And the page says why, and whom to ask."""
    reason = Reason.objects.get()
    address = page("reason", "change", reason.pk)
    words = said(budi.get(address))
    assert (
        "This is for the whole business, and you work for Melati Jakarta. Ask a manager of all places: Cut Meutia."
        in words
    )
    assert 'name="_save"' not in words
    assert budi.post(address, {"position": 7}).status_code == 403
    assert budi.get(page("reason", "add")).status_code == 403
    assert Reason.objects.get().position == reason.position


def test_counts_beside_what_is_for_all_are_of_their_places(both: TwoPlaces, budi: Client, cut: Client) -> None:
    own, whole = (rows_of(one.get(page("reason")))[0].rounds for one in (budi, cut))
    assert (own, whole) == (2, 4)
    theirs = {row: row.booked for row in rows_of(budi.get(page("service")))}
    assert theirs == {both.here.service: 2, both.there.service: 0}


def test_what_is_closed_everywhere_is_seen_and_left_alone(both: TwoPlaces, budi: Client) -> None:
    everywhere = SpecialDay.objects.create(day=(NOW + days(50)).date(), name="Everywhere")
    address = page("specialday", "change", everywhere.pk)
    assert "for the whole business" in said(budi.get(address))
    assert budi.post(address, {"name": "x"}).status_code == 403
    assert budi.post(page("specialday", "delete", everywhere.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [everywhere.pk], "post": "yes"}
    assert budi.post(page("specialday"), chosen).status_code == 403
    assert SpecialDay.objects.filter(pk=everywhere.pk).exists()


def test_a_new_closed_day_is_for_one_of_their_places(both: TwoPlaces, budi: Client) -> None:
    wanted = {"day": "2027-02-01", "name": "Party", "is_open": ""}
    for place in ("", both.there.location.pk):
        assert budi.post(page("specialday", "add"), wanted | {"location": place}).status_code == 200
    assert not SpecialDay.objects.filter(name="Party").exists()
    assert budi.post(page("specialday", "add"), wanted | {"location": both.here.location.pk}).status_code == 302
    assert SpecialDay.objects.get(name="Party").location == both.here.location


def test_a_new_place_is_for_whoever_works_for_all(both: TwoPlaces, budi: Client, cut: Client) -> None:
    assert budi.get(page("location", "add")).status_code == 403
    assert budi.get(reverse("settings-new-place")).status_code == 403
    assert cut.get(page("location", "add")).status_code == 200


def test_their_own_place_is_theirs_to_change(both: TwoPlaces, budi: Client) -> None:
    address = page("location", "change", both.here.location.pk)
    filled = form_values(budi.get(address), "location_form")
    assert budi.post(address, filled | {"phone": "+62215559999"}).status_code == 302
    assert Location.objects.get(pk=both.here.location.pk).phone == "+62215559999"


def test_a_complaint_of_elsewhere_cannot_be_named_as_the_cause(both: TwoPlaces, budi: Client) -> None:
    action = CorrectiveAction.objects.get(location=both.here.location)
    there = RecoveryCase.objects.get(appointment__location=both.there.location)
    CorrectiveAction.objects.filter(pk=action.pk).update(case=there)
    assert ELSEWHERE not in said(budi.get(page("correctiveaction", "change", action.pk)))
    assert budi.get(page("correctiveaction", "change", action.pk)).status_code == 200


@pytest.mark.parametrize("nonsense", ["", "x", "9" * 40])
def test_a_complaint_of_elsewhere_is_not_named_for_its_number_in_the_address(
    both: TwoPlaces, budi: Client, cut: Client, nonsense: str
) -> None:
    here, there = (RecoveryCase.objects.get(appointment__location=one.location) for one in (both.here, both.there))
    add = page("correctiveaction", "add")
    assert ELSEWHERE in said(cut.get(add, {"case": there.pk}))
    assert ELSEWHERE not in said(budi.get(add, {"case": there.pk}))
    assert ELSEWHERE not in said(budi.post(add, {"case": there.pk}))
    assert str(here) in said(budi.get(add, {"case": here.pk}))
    assert budi.get(add, {"case": nonsense}).status_code == 200


@pytest.mark.parametrize("rows", [1, 8])
def test_it_costs_the_same_for_one_row_and_for_many(
    both: TwoPlaces, budi: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        both.here.booked(f"2026-12-0{number + 1} 10:00", room=None)
    assert places_of(both.budi)
    with django_assert_max_num_queries(14):
        budi.get(page("appointment"))

"""A manager drafts a table, sees what it would have cost and puts it in force; what was in force stays."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from appointments.enums import TableState
from appointments.models import CompensationBudget, CompensationTable
from tests.appointments.admin.pages import form_values, page
from tests.factories import Clinic, clinic
from tests.factories.compensation import rule, rupiah, table_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> Clinic:
    return clinic()


def a_row(**fields: Any) -> dict[str, Any]:
    row = {
        "position": "1", "fault": "ours", "notice_hours": "24", "wait_days": "", "moves": "1", "service": "",
        "apology": "3", "benefit": "money", "amount": "50000", "percent": "", "words_0": "", "words_1": "",
        "worth": "", "valid_days": "90", "id": "", "table": "",
    } | fields  # fmt: skip
    return {f"rules-0-{name}": value for name, value in row.items()}


def add(browser: Client, **fields: Any) -> Any:
    address = page("compensationtable", "add")
    values = form_values(browser.get(address), "compensationtable_form")
    values |= {"title": "New", "rules-TOTAL_FORMS": "1"} | a_row(**fields)
    return browser.post(address, values)


def test_a_manager_drafts_a_table(browser_of_manager: Client, place: Clinic) -> None:
    assert add(browser_of_manager).status_code == 302
    row = CompensationTable.objects.get().rules.get()
    assert (row.amount, row.worth, row.notice_hours, row.valid_days) == (rupiah(50_000), rupiah(50_000), 24, 90)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"benefit": "percent", "worth": "1000"}, "percent"),
        ({"benefit": "percent", "percent": "10"}, "worth"),
        ({"benefit": "extra", "worth": "1000", "words_0": "a check"}, "words"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    browser_of_manager: Client, place: Clinic, fields: dict[str, str], field: str
) -> None:
    answer = add(browser_of_manager, **fields)
    assert answer.status_code == 200
    assert field in answer.context["inline_admin_formsets"][0].formset.errors[0]
    assert not CompensationTable.objects.exists()


def test_a_draft_is_tried_on_the_past_and_put_in_force(browser_of_manager: Client, place: Clinic) -> None:
    old = table_in_force()
    draft = CompensationTable.objects.create(title="More")
    rule(draft, amount=rupiah(60_000), notice_hours=24)
    rule(draft, amount=rupiah(70_000), position=2)
    html = browser_of_manager.get(reverse("admin:compensation-tried", args=[draft.pk])).content.decode()
    assert "It would have cost about" in html
    assert "Somebody hit harder gets less" in html
    browser_of_manager.post(reverse("admin:compensation-in-force", args=[draft.pk]))
    states = dict(CompensationTable.objects.values_list("pk", "state"))
    assert states == {old.pk: TableState.PAST, draft.pk: TableState.IN_FORCE}


def test_what_is_in_force_is_copied_to_be_changed(browser_of_manager: Client, place: Clinic) -> None:
    table = table_in_force()
    change = browser_of_manager.get(page("compensationtable", "change", table.pk)).content.decode()
    assert "_save" not in change
    answer = browser_of_manager.post(reverse("admin:compensation-copy", args=[table.pk]))
    draft = CompensationTable.objects.exclude(pk=table.pk).get()
    assert answer["Location"] == page("compensationtable", "change", draft.pk)
    assert "_save" in browser_of_manager.get(answer["Location"]).content.decode()


def test_a_budget_is_typed_in_the_currency_of_the_business(browser_of_manager: Client, place: Clinic) -> None:
    browser_of_manager.post(page("compensationbudget", "add"), {"period": "month", "limit": "100000", "location": ""})
    assert CompensationBudget.objects.get().limit == rupiah(100_000)
    assert "IDR 100,000" in browser_of_manager.get(page("compensationbudget")).content.decode()


def test_a_period_that_ends_before_it_begins_is_refused(browser_of_manager: Client, place: Clinic) -> None:
    table = table_in_force()
    address = reverse("admin:compensation-tried", args=[table.pk])
    assert browser_of_manager.get(f"{address}?start=2026-11-02&end=2026-11-01").status_code == 400

"""Texts in several languages on the managers' pages: searched, sorted, shown and typed in each of them."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import translation
from i18nfield.strings import LazyI18nString

from appointments.models import Reason, Service
from tests.appointments.admin.pages import page, rows_of
from tests.factories import ReasonFactory, RescheduleRequestFactory, ResourceFactory, ServiceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "found"),
    [("flood", ["flood"]), ("banjir", ["flood"]), ("listrik", ["power"]), ("en", []), ("{", []), ("pow", ["power"])],
)
def test_a_search_looks_in_every_language_and_in_no_code_of_one(
    browser_of_manager: Client, words: str, found: list[str]
) -> None:
    ReasonFactory(code="flood", label={"en": "Flood", "id": "Banjir"}, wording={"en": "it is wet", "id": "basah"})
    ReasonFactory(code="power", label={"en": "No light", "id": "Gelap"}, wording={"en": "it is dark", "id": "listrik"})

    assert [reason.code for reason in rows_of(browser_of_manager.get(page("reason"), {"q": words}))] == found


def test_services_and_rounds_are_found_by_their_names_in_every_language(browser_of_manager: Client) -> None:
    service = ServiceFactory(name={"en": "Tooth cleaning", "id": "Pembersihan gigi"})
    round_ = RescheduleRequestFactory(reason=ReasonFactory(label={"en": "Flood", "id": "Banjir"}))

    for words in ("tooth", "GIGI"):
        assert rows_of(browser_of_manager.get(page("service"), {"q": words})) == [service]
    for words in ("flood", "banjir"):
        assert rows_of(browser_of_manager.get(page("reschedulerequest"), {"q": words})) == [round_]


def test_a_list_is_sorted_by_what_the_reader_sees(browser_of_manager: Client) -> None:
    for english, indonesian in (("Apple", "Nanas"), ("Zebra", "Anggur")):
        ServiceFactory(name={"en": english, "id": indonesian})

    def order(language: str, **query: Any) -> list[str]:
        response = browser_of_manager.get(page("service"), query, headers={"accept-language": language})
        return [service.name.data["en"] for service in response.context["cl"].result_list]

    assert (order("en"), order("id")) == (["Apple", "Zebra"], ["Zebra", "Apple"])
    assert (order("en", o="-0"), order("id", o="-0")) == (["Zebra", "Apple"], ["Apple", "Zebra"])


def test_who_may_only_look_reads_the_text_and_not_how_it_is_kept(client: Client) -> None:
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_reason"))
    client.force_login(reader)
    reason = ReasonFactory(label={"en": "Flood", "id": "Banjir"})

    shown = client.get(page("reason", "change", reason.pk), headers={"accept-language": "id"}).content.decode()
    assert ">Banjir<" in shown
    assert "{&quot;" not in shown


def test_a_code_is_proposed_from_the_first_box(browser_of_manager: Client) -> None:
    for model, field in (("service", "name"), ("reason", "label")):
        shown = browser_of_manager.get(page(model, "add")).content.decode()
        (constants,) = re.findall(r'data-prepopulated-fields="([^"]+)"', shown)
        assert [one["dependency_ids"] for one in json.loads(unescape(constants))] == [[f"#id_{field}"]]
        assert shown.count(f'id="id_{field}"') == 1


def test_the_cause_is_shown_as_it_was_told_in_each_language(browser_of_manager: Client) -> None:
    round_ = RescheduleRequestFactory(wording={"en": "it <rained>", "id": "hujan"})

    shown = browser_of_manager.get(page("reschedulerequest", "change", round_.pk)).content.decode()
    assert '<p lang="en">English: it &lt;rained&gt;</p><p lang="id">Indonesian: hujan</p>' in shown


def test_a_third_language_adds_a_box_and_asks_for_the_words_of_a_reason(
    browser_of_manager: Client, settings: Any
) -> None:
    reason = ReasonFactory()
    settings.LANGUAGES = [*settings.LANGUAGES, ("nl", "Dutch")]
    address = page("reason", "change", reason.pk)
    shown = browser_of_manager.get(address).content.decode()
    assert all(f'name="{field}_nl"' in shown for field in ("label", "wording"))

    given = {
        "label_en": "Ill", "label_id": "Sakit", "wording_en": "x", "wording_id": "y", "family": "absence",
        "fault": "ours", "position": "1", "is_active": "on",
    }  # fmt: skip
    refused = browser_of_manager.post(address, given).context["adminform"].form.errors
    assert refused == {"wording": ["Dutch: This field is required."]}
    browser_of_manager.post(address, {**given, "wording_nl": "z", "label_nl": "Ziek"})
    stored = Reason.objects.get()
    assert (stored.label.data["nl"], stored.wording.data) == ("Ziek", {"en": "x", "id": "y", "nl": "z"})


def test_a_service_without_any_name_is_refused(browser_of_manager: Client) -> None:
    given = {"code": "x", "kind": "visit", "minutes": "30", "name_en": "", "name_id": ""}
    found = browser_of_manager.post(page("service", "add"), given).context["adminform"].form.errors
    assert found["name"] == ["This field is required."]
    assert not Service.objects.exists()


@pytest.mark.parametrize("words", ["cafe sayur", "SAYUR, Café", "sayur  caf", "É"])
def test_short_lists_are_searched_without_accents_and_in_any_order(browser_of_manager: Client, words: str) -> None:
    """On either database: SQLite alone would not even know É for é."""
    person = ResourceFactory(name="Café d’Anak Sayur")
    service = ServiceFactory(name=LazyI18nString({"en": "Other", "id": "Café Anak Sayur"}))
    for noun, wanted in (("resource", person), ("service", service)):
        assert rows_of(browser_of_manager.get(page(noun), {"q": words})) == [wanted]
        assert rows_of(browser_of_manager.get(page(noun), {"q": f"{words} nobody"})) == []


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_wrong_in_a_form_is_announced_in_good_indonesian(count: int) -> None:
    with translation.override("id"):
        said = translation.ngettext("Please correct the error below.", "Please correct the errors below.", count)
    assert said == "Mohon perbaiki yang ditandai di bawah ini."

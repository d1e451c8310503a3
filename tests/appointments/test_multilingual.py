"""One text in every language: kept whole, searched and sorted by the database, typed in one box for each."""

from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db.models import F
from django.forms import modelform_factory
from django.utils import translation

from appointments.models import Reason, Requirement, Service
from appointments.multilingual import InReadersLanguage, in_each
from tests.factories import ReasonFactory, RequirementFactory, ServiceFactory

pytestmark = pytest.mark.django_db
ServiceForm = modelform_factory(Service, fields=("name", "stays"))


def stored(**texts: Any) -> Service:
    return Service.objects.get(pk=ServiceFactory(**texts).pk)


def names(found: Any) -> list[str]:
    return [service.name_in("en") for service in found]


def test_every_language_is_kept_and_read_by_its_name() -> None:
    service = stored(name={"en": "Check-up", "id": "Pemeriksaan", "fr": "Contrôle “été”"})

    assert [service.name_in(code) for code in ("en", "id", "fr")] == ["Check-up", "Pemeriksaan", "Contrôle “été”"]
    with translation.override("id"):
        assert (str(service), service.name_in()) == ("Pemeriksaan", "Pemeriksaan")


def test_what_a_language_lacks_is_said_in_the_sites_own_and_else_in_any(settings: Any) -> None:
    service = stored(name={"en": "Check-up", "fr": "Contrôle"}, stays={"id": "Harga tetap sama.", "en": ""})

    assert (service.name_in("id"), service.name_in("fr-CA")) == ("Check-up", "Contrôle")
    assert (service.stays_in("en"), service.stays.data) == ("Harga tetap sama.", {"id": "Harga tetap sama."})
    settings.LANGUAGE_CODE = "fr"
    assert service.name_in("id") == "Contrôle"


def test_a_plain_text_is_the_sites_own(settings: Any) -> None:
    settings.LANGUAGE_CODE = "id"
    assert stored(name="Pemeriksaan").name.data == {"id": "Pemeriksaan"}
    assert Service(name="").name.data == {}


def test_the_database_searches_one_language_and_finds_no_codes() -> None:
    ServiceFactory(name={"en": "Tooth cleaning", "id": "Pembersihan gigi"})
    ServiceFactory(name={"en": "Check-up", "id": "Periksa É"})

    assert names(Service.objects.filter(name__id__icontains="GIGI")) == ["Tooth cleaning"]
    assert names(Service.objects.filter(name__en__icontains="gigi")) == []
    assert names(Service.objects.filter(name__id__icontains="É")) == ["Check-up"]
    assert in_each("name") == ["name__en", "name__id"]
    for code_or_brace in ('"', "{", "en", "id"):
        assert names(Service.objects.filter(name__en__icontains=code_or_brace)) == []


def test_lists_are_sorted_by_what_the_reader_sees() -> None:
    ServiceFactory(name={"en": "Apple", "id": "Nanas"})
    ServiceFactory(name={"en": "Melon"})
    ServiceFactory(name={"en": "Zebra", "id": "Anggur"})

    assert names(Service.objects.all()) == ["Apple", "Melon", "Zebra"]
    assert names(Service.objects.reverse()) == ["Zebra", "Melon", "Apple"]
    with translation.override("id"):
        assert names(Service.objects.all()) == ["Zebra", "Melon", "Apple"]
        assert names(Service.objects.order_by(InReadersLanguage("name").desc())) == ["Apple", "Melon", "Zebra"]


def test_a_list_is_sorted_through_a_relation_too() -> None:
    for english in ("B", "A"):
        RequirementFactory(service=ServiceFactory(name={"en": english}))

    assert [str(one.service) for one in Requirement.objects.select_related("service")] == ["A", "B"]
    assert [
        one.service_id for one in Requirement.objects.order_by(InReadersLanguage("service__name").desc(), F("pk"))
    ] == list(Service.objects.reverse().values_list("pk", flat=True))


def test_reasons_follow_their_order_and_then_their_name() -> None:
    for position, label in ((2, "A"), (1, "C"), (1, "B")):
        ReasonFactory(position=position, label=label)
    assert [reason.label_in() for reason in Reason.objects.all()] == ["B", "C", "A"]


def test_every_language_is_held_to_the_rules_and_the_wrong_one_is_named() -> None:
    reason = ReasonFactory(label={"en": "x" * 120, "id": "y" * 121})
    reason.wording = {"en": "{nobody} is away", "id": "dokter {provider"}

    with pytest.raises(ValidationError) as refused:
        reason.full_clean()
    assert refused.value.message_dict == {
        "label": ["Indonesian: Ensure this value has at most 120 characters (it has 121)."],
        "wording": [
            "English: “{nobody}” is not a placeholder. You can use {location}, {provider}, {service}.",
            "Indonesian: A brace is open or closed without its partner.",
        ],
    }
    with pytest.raises(ValidationError, match="name"):
        ServiceFactory(name={}).full_clean()


def test_a_form_has_a_box_for_each_language_in_use(settings: Any) -> None:
    service = stored(name={"en": "Check-up"})
    html = str(ServiceForm(instance=service)["name"])
    assert [f'name="name_{code}"' in html for code in ("en", "id", "nl")] == [True, True, False]
    assert 'id="id_name"' in html
    assert 'for="id_name_id"' in html
    assert 'maxlength="120"' in html

    settings.LANGUAGES = [*settings.LANGUAGES, ("nl", "Dutch")]
    three = modelform_factory(Service, fields=("name",))
    assert 'lang="nl"' in str(three(instance=service)["name"])
    form = three({"name_en": "Check-up", "name_id": "", "name_nl": " Controle "}, instance=service)
    assert (form.is_valid(), form.changed_data) == (True, ["name"])
    assert form.save().name.data == {"en": "Check-up", "nl": "Controle"}


def test_a_form_keeps_what_is_written_in_a_language_that_is_not_in_use() -> None:
    service = stored(name={"en": "Check-up", "fr": "Contrôle"})

    form = ServiceForm({"name_en": "Visit", "name_id": ""}, instance=service)
    assert form.is_valid()
    form.save()
    service.refresh_from_db()
    assert service.name.data == {"en": "Visit", "fr": "Contrôle"}


def test_a_form_needs_the_text_in_at_least_one_language() -> None:
    assert ServiceForm({"name_en": "", "name_id": ""}).errors == {"name": ["This field is required."]}
    assert ServiceForm({"name_en": " ", "name_id": ""}).errors == {"name": ["This field cannot be blank."]}
    assert "stays" not in ServiceForm({"name_id": "Pemeriksaan"}).errors


def test_a_form_that_changes_nothing_says_so() -> None:
    service = stored(name={"en": "Check-up", "id": "Pemeriksaan"})
    assert ServiceForm({"name_en": "Check-up", "name_id": "Pemeriksaan"}, instance=service).changed_data == []


def test_a_backup_of_the_rows_brings_every_language_back() -> None:
    service = stored(name={"en": "Check-up", "id": "Periksa É"})
    written = serializers.serialize("json", [service])
    Service.objects.all().delete()

    for row in serializers.deserialize("json", written):
        row.save()
    assert Service.objects.get().name.data == {"en": "Check-up", "id": "Periksa É"}


def test_a_text_that_was_not_asked_for_is_read_when_it_is_needed() -> None:
    ServiceFactory(name={"en": "Check-up"})
    service = Service.objects.defer("name").get()
    assert service.name_in("en") == "Check-up"

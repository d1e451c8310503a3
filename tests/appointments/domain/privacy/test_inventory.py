"""No text about a person is forgotten when the person is."""

from typing import Any

from django.apps import apps

from appointments.domain.privacy.forgetting import EMPTY
from appointments.domain.privacy.inventory import ABOUT_US, WORDS
from appointments.models import Appointment, CasePoint, Customer, Promise, RecoveryCase, RescheduleRequest


def test_each_text_of_a_table_that_leads_to_a_customer_is_wiped_or_said_to_be_ours() -> None:
    known = {name: {*fields} for name, fields in ABOUT_US.items()}
    for words in WORDS:
        known.setdefault(words.name, set()).update(words.fields)
    known["customer"] |= {"name", *EMPTY}
    known["customermerge"] |= {"before", "after"}
    missing = []
    for model in apps.get_app_config("appointments").get_models():
        name = model._meta.model_name
        if not leads_to_a_customer(model):
            continue
        texts = {field.name for field in model._meta.concrete_fields if is_a_text(field)}
        missing += [f"{name}.{one}" for one in sorted(texts - known.get(str(name), set()))]
    assert missing == []


def is_a_text(field: Any) -> bool:
    kind = field.get_internal_type()
    return kind in {"TextField", "CharField", "JSONField", "EmailField"} and not field.choices


def leads_to_a_customer(model: Any) -> bool:
    """By a row that each of its rows belongs to; what is of many has words about all."""
    steps = (Customer, Appointment, RescheduleRequest, Promise, RecoveryCase, CasePoint)
    ways = [field.related_model for field in model._meta.concrete_fields if field.is_relation]
    return model is Customer or any(way in steps for way in ways)

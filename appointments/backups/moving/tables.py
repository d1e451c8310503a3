"""What there is to be moved: every table that a model of ours, or of a library, stands for."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Field, Model

BATCH = 500


def tables() -> list[type[Model]]:
    """Those that connect two others, too; each once, in the order of their names."""
    models = apps.get_models(include_auto_created=True)
    return sorted((one for one in models if one._meta.managed and not one._meta.proxy), key=_name)


def columns(model: type[Model]) -> list[Field[Any, Any]]:
    return [one for one in model._meta.local_concrete_fields if not getattr(one, "generated", False)]


def _name(model: type[Model]) -> str:
    return model._meta.db_table

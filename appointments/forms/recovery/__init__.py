"""Working through a complaint, and what we give."""

from appointments.forms.recovery.cases import (
    ApologiseForm,
    DiagnoseForm,
    EmpathiseForm,
    HandOverForm,
    HearForm,
    OpenForm,
    PointForm,
)
from appointments.forms.recovery.compensation import CodeForm, RedeemForm, RefuseForm

__all__ = [
    "ApologiseForm",
    "CodeForm",
    "DiagnoseForm",
    "EmpathiseForm",
    "HandOverForm",
    "HearForm",
    "OpenForm",
    "PointForm",
    "RedeemForm",
    "RefuseForm",
]

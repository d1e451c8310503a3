"""Whoever changes how the business is set up, or takes something home, is written down: every door is walked."""

import ast
import inspect
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import get_resolver

from appointments.admin.base import HouseAdmin
from tests.house.reach import functions, reached
from tests.house.source import calls, modules
from tests.reliability.test_closed_doors import patterns

AUDIT, HISTORY = "appointments.domain.audit.", "appointments.domain.history.record"

OF_A_ROW = "who did it and when stands in the row itself"
A_LOOK = "how somebody likes to see their own work: nothing of the business"
THE_OUTBOX = "an attempt in the outbox"
AS_THE_CUSTOMER = "a customer's own word, kept with its hour"
STARTS_NOTHING = "asks for what the worker writes down"
IN_THE_SESSION = "who comes in is kept with the sessions and the attempts to sign in"
ELSEWHERE = {
    **dict.fromkeys(("letter-keys", "at-work", "leave-work", "forget-view", "save-view"), A_LOOK),
    **dict.fromkeys(("setup-put-away", "setup-later"), A_LOOK),
    **dict.fromkeys(("begin-plan", "plan", "plan-line", "adjust-line", "send-plan"), OF_A_ROW),
    **dict.fromkeys(("declare", "takes-place", "undo-late", "close-disruption", "two-people"), OF_A_ROW),
    **dict.fromkeys(("comment-solution", "vote-solution", "begin-playbook"), OF_A_ROW),
    **dict.fromkeys(("read-solution", "looked-at", "practise"), OF_A_ROW),
    **dict.fromkeys(("undo-import", "throw-import-away"), OF_A_ROW),
    **dict.fromkeys(("complaint",), STARTS_NOTHING),
    **dict.fromkeys(("send-again", "forgotten"), THE_OUTBOX),
    **dict.fromkeys(("confirm-password", "passkey-challenge", "sign-in-challenge", "sign-in-passkey"), IN_THE_SESSION),
    **dict.fromkeys(("seen", "mood", "no-more-questions"), AS_THE_CUSTOMER),
}
"""Doors that change nothing of how the business is set up, and where what they do is kept."""
OTHER_PAGES = {"notifications.Message": "attempts in the outbox", "axes.AccessAttempt": "writes down by itself"}
"""Pages of the administration that are not built on `HouseAdmin`, which writes down whatever is saved there."""


def doors() -> Iterator[tuple[str, str]]:
    """Each address of ours that takes a POST, with the function behind it."""
    for name, pattern in patterns(get_resolver().url_patterns):
        view = inspect.unwrap(pattern.callback)
        function = f"{view.__module__}.{getattr(view, '__qualname__', '')}"
        if function in functions() and takes_posts(functions()[function][0]):
            yield name, function


def takes_posts(node: ast.AST) -> bool:
    source = ast.unparse(node)
    return any(sign in source for sign in ("require_POST", "reads_and_writes", "require_http_methods", "'POST'"))


def is_written_down(function: str) -> bool:
    return any(one.startswith(AUDIT) or one == HISTORY for one in reached(function))


def test_every_door_ends_in_the_audit_or_the_history_or_says_where_it_is_kept() -> None:
    found = dict(doors())
    silent = {name for name, function in found.items() if not is_written_down(function)}

    assert len(found) > 100
    assert silent - ELSEWHERE.keys() == set()
    assert ELSEWHERE.keys() - silent == set(), "these are written down by now: they need no reason any more"


def test_the_settings_and_the_people_end_in_the_audit_itself() -> None:
    """The history of an appointment says nothing of them."""
    roots = ("appointments.views.managers.setup.", "appointments.views.managers.people.", "appointments.views.account.")
    found = {name: function for name, function in doors() if function.startswith(roots)}
    silent = {name for name, function in found.items() if not any(one.startswith(AUDIT) for one in reached(function))}

    assert silent == {"setup-put-away", "setup-later", "forgotten", "confirm-password", "passkey-challenge"}


@pytest.mark.parametrize(
    "name", ["admin:compensation-in-force", "admin:compensation-copy", "first-owner", "block-time", "unblock-time"]
)
def test_a_door_that_is_written_down_is_known_as_such(name: str) -> None:
    assert any(one.startswith(AUDIT) for one in reached(dict(doors())[name]))


def test_what_is_saved_in_the_administration_is_written_down() -> None:
    get_resolver().url_patterns  # noqa: B018  every page registers itself
    pages = {model._meta.label: page for model, page in admin.site._registry.items()}
    others = {label for label, page in pages.items() if not isinstance(page, HouseAdmin)}
    assert others == OTHER_PAGES.keys()
    for label in pages.keys() - others:
        for name in ("save_related", "delete_model", "delete_queryset"):
            for one in type(pages[label]).__mro__[: type(pages[label]).__mro__.index(HouseAdmin)]:
                if name in vars(one):
                    assert f"super().{name}(" in inspect.getsource(vars(one)[name]), f"{label}.{name}"


def test_files_leave_only_where_that_is_written_down() -> None:
    """Reports, lists of the administration, and what is kept of somebody."""
    found = {name for name, tree in modules().items() for called, _ in calls(tree) if called == "download"}
    assert found == {
        "appointments.admin.base",
        "appointments.views.managers.exporting",
        "appointments.views.managers.imports",  # an example of a file, with nothing in it
    }
    assert any(one.startswith(AUDIT) for one in reached("appointments.views.managers.imports.left_out"))
    attached = {name for name, tree in modules().items() if "attachment; filename" in ast.unparse(tree)}
    assert attached == {
        "appointments.exports",  # makes the file of `download`
        "appointments.views.customer.answer",  # a customer's own calendar file
        "appointments.views.desk.privacy",
        "notifications.mailbox.views",  # of the demo
    }
    assert any(one.startswith(AUDIT) for one in reached("appointments.views.desk.privacy.file"))

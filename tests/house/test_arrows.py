"""Which way the arrows run: who may import whom, who may enqueue, who may write occupancies."""

import ast
from dataclasses import dataclass

import pytest

from tests.house.source import calls, imports, modules, within


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """Modules inside `of` import nothing inside `never` but `save`, except the modules named in `but`."""

    of: tuple[str, ...]
    never: tuple[str, ...]
    save: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    why: str


DOORS = tuple(
    f"appointments.{door}"
    for door in (
        "views",
        "api",
        "forms",
        "admin",
        "tasks",
        "receivers",
        "management",
        "templatetags",
        "context_processors",
        "urls",
    )
)
GROUND = (
    "actors",
    "affected",
    "audit",
    "compensation",
    "history",
    "transactions",
    "links",
    "booking",
    "colleagues",
    "customers",
    "promises",
    "watchdog",
    "limbo",
    "pace",
    "overlooked",
    "reaching",
)
UPPER = ("diary", "moving", "disruptions", "recovery", "people", "pages", "reports", "imports", "setup")
"""The rooms of the rules: `schedule` below all, the ground floor, then the wings that stand on it."""

ARROWS = [
    Arrow(of=("notifications",), never=("appointments",), why="the post office is the stable part"),
    Arrow(
        of=("appointments", "notifications"),
        never=("reschedule",),
        why="settings come through django.conf, and nobody else needs the project",
    ),
    Arrow(
        of=("appointments.models",),
        never=("appointments.domain", *DOORS),
        why="models say what is true; domain functions act",
    ),
    Arrow(of=("appointments.domain",), never=DOORS, why="rules do not know who asks"),
    Arrow(
        of=("appointments", "notifications", "reschedule"),
        never=("appointments.demo",),
        but=(
            "appointments.demo",
            "appointments.management.commands.demo",
            "appointments.management.commands.seed_demo",
            "reschedule.checks",  # refuses the sample business's passwords where real people are
        ),
        why="the sample business stands on the product, and nothing of the product on it",
    ),
    Arrow(
        of=("appointments.enums", "appointments.errors"),
        never=("appointments.models", "appointments.domain", *DOORS),
        why="everybody stands on them",
    ),
    Arrow(of=("appointments.forms",), never=("appointments.views", "appointments.admin"), why="views use forms"),
    Arrow(
        of=("appointments.models", "appointments.domain", "appointments.forms", "appointments.views"),
        never=("notifications",),
        save=("notifications.enums", "notifications.policy", "notifications.text"),
        but=("appointments.domain.messages",),
        why="messages/ is the only room of the rules that speaks to the post office",
    ),
    Arrow(
        of=("appointments.models", "appointments.domain", "appointments.forms"),
        never=tuple(f"notifications.text.{one}" for one in ("packing", "rendering", "values", "when")),
        but=(
            "appointments.domain.messages",
            "appointments.models.business",  # a place says hours by its own clock
        ),
        why="of texts the rules know which languages there are, and what those are called",
    ),
    Arrow(
        of=("appointments.domain.schedule",),
        never=tuple(f"appointments.domain.{room}" for room in (*GROUND, *UPPER, "messages")),
        why="what is free when knows nothing of what is done with it",
    ),
    Arrow(
        of=("appointments.domain.messages",),
        never=tuple(f"appointments.domain.{room}" for room in ("booking", "promises", "history", *UPPER)),
        why="what we tell people does not decide what happens",
    ),
    Arrow(
        of=("appointments.domain.compensation",),
        never=("appointments.domain.messages",),
        why="messages say what comes with a time; what decides on it tells nobody",
    ),
    Arrow(
        of=tuple(f"appointments.domain.{room}" for room in GROUND),
        never=tuple(f"appointments.domain.{wing}" for wing in UPPER),
        why="the wings stand on the ground floor",
    ),
    Arrow(
        of=tuple(f"appointments.domain.{one}" for one in ("moving", "disruptions", "recovery", "imports")),
        never=("appointments.domain.pages", "appointments.domain.reports"),
        why="pages and reports only read",
    ),
    Arrow(
        of=("appointments.domain.people",),
        never=tuple(f"appointments.domain.{one}" for one in UPPER if one not in ("people", "recovery")),
        why="who leaves hands over what is owed, and knows nothing of how it came about",
    ),
    Arrow(
        of=("appointments.domain.moving",),
        never=("appointments.domain.disruptions", "appointments.domain.recovery"),
        why="one is moved without knowing of many; many are moved one by one",
    ),
    Arrow(
        of=("appointments.domain.diary",),
        never=tuple(f"appointments.domain.{one}" for one in UPPER if one != "diary"),
        why="what is booked knows nothing of how it may move",
    ),
    Arrow(
        of=("appointments.domain.disruptions.planner",),
        never=(
            "django",
            "appointments.models",
            "appointments.enums",
            *(f"appointments.domain.{one}" for one in GROUND),
        ),
        why="the planner is pure: whole minutes in, whole minutes out",
    ),
    Arrow(
        of=("appointments.domain.disruptions.planner",),
        never=("django", "appointments"),
        save=(
            "appointments.domain.disruptions.planner",
            *(f"appointments.domain.schedule.{one}" for one in ("spans", "wallclock", "wishes")),
        ),
        why="a plan is worked out from numbers alone, wherever they come from",
    ),
    Arrow(
        of=("appointments.domain.recovery.prevention.effect",),
        never=("django", "appointments", "notifications"),
        save=("appointments.enums.prevention",),
        why="whether something helped is worked out from counts alone",
    ),
    Arrow(
        of=("appointments.domain.recovery.honesty",),
        never=("django", "appointments", "notifications"),
        save=("appointments.domain.recovery.honesty",),
        why="a text is judged by its words and by what is known, whoever asks",
    ),
    Arrow(
        of=("appointments.domain.recovery.practice",),
        never=(
            "appointments.domain.messages",
            *(f"appointments.domain.{one}" for one in GROUND if one != "colleagues"),
            *(f"appointments.domain.{one}" for one in ("moving", "disruptions")),
        ),
        why="practice touches no appointment and tells nobody",
    ),
    Arrow(
        of=("notifications.enums", "notifications.errors"),
        never=("notifications.models", "notifications.delivery"),
        why="everybody stands on them",
    ),
    Arrow(
        of=("notifications.models", "notifications.policy"),
        never=(
            "notifications.outbox",
            "notifications.delivery",
            "notifications.channels",
            "notifications.text.rendering",
        ),
        why="rows and rules do not send",
    ),
    Arrow(
        of=("notifications.text",),
        never=tuple(f"notifications.{room}" for room in ("models", "outbox", "delivery", "channels", "receipts")),
        why="words know nothing of rows and of ways out",
    ),
    Arrow(
        of=("notifications.channels",),
        never=tuple(f"notifications.{room}" for room in ("outbox", "delivery", "receipts", "mailbox")),
        why="a channel sends what it is given",
    ),
    Arrow(
        of=("notifications.outbox", "notifications.receipts", "notifications.channels", "notifications.text"),
        never=("notifications.delivery", "notifications.mailbox", "notifications.admin", "notifications.tasks"),
        why="only the worker sends",
    ),
]

WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete"}
SCOPED = {"Appointment", "RescheduleRequest", "Promise", "Location"}
"""What belongs to a place."""
OCCUPANCIES = {"Occupancy", "occupancies", "holds"}


def broken_arrows(name: str, tree: ast.Module) -> list[str]:
    """Imports of one module that run against an arrow, each with the reason of the rule."""
    return [
        f"{name} imports {imported}: {arrow.why}"
        for arrow in ARROWS
        if within(name, *arrow.of) and not within(name, *arrow.but)
        for imported in imports(name, tree)
        if within(imported, *arrow.never) and not within(imported, *arrow.save)
    ]


def foreign_enqueues(name: str, tree: ast.Module) -> list[str]:
    """Calls of enqueue() outside the post office by anybody but announce, `sending`, which does it for announce and
    nobody else, and `again`, which tells it once more.
    """
    rooms = "appointments.domain.messages"
    if within(name, "notifications", f"{rooms}.announce", f"{rooms}.sending", f"{rooms}.again"):
        return []
    found = [f"{name} enqueues" for called, _ in calls(tree) if called in {"enqueue", "enqueue_again"}]
    return found + [f"{name} enqueues" for imported in imports(name, tree) if within(imported, f"{rooms}.sending")]


def foreign_occupancy_writes(name: str, tree: ast.Module) -> list[str]:
    """Occupancies made, changed or deleted by anybody but booking."""
    if within(name, "appointments.domain.booking", "appointments.models.appointment"):
        return []
    found = [f"{name} makes an Occupancy" for called, _ in calls(tree) if called == "Occupancy"]
    found += [
        f"{name} calls {called} on {min(chain & OCCUPANCIES)}"
        for called, chain in calls(tree)
        if called in WRITES and chain & OCCUPANCIES
    ]
    return found


def rows_found_past_the_door(name: str, tree: ast.Module) -> list[str]:
    """Rows of places that a view finds without asking its folder's `find`, which authorises and scopes."""
    if not within(name, "appointments.views") or name.endswith(".find"):
        return []
    found = [
        f"{name} asks {min(chain & SCOPED)}.objects"
        for _, chain in calls(tree)
        if "objects" in chain and chain & SCOPED and within(name, "appointments.views.desk")
    ]
    return found + [f"{name} calls {called}" for called, _ in calls(tree) if called == "get_object_or_404"]


def test_views_find_rows_through_their_door() -> None:
    assert [found for name, tree in modules().items() for found in rows_found_past_the_door(name, tree)] == []


@pytest.mark.parametrize(
    "source", ["Promise.objects.open().filter(pk=pk)", "get_object_or_404(promises, pk=pk)", "Location.objects.all()"]
)
def test_a_row_found_past_the_door_is_seen(source: str) -> None:
    tree = ast.parse(source)
    assert rows_found_past_the_door("appointments.views.desk.promises", tree) != []
    assert rows_found_past_the_door("appointments.views.desk.find", tree) == []


def test_imports_run_along_the_arrows() -> None:
    assert [broken for name, tree in modules().items() for broken in broken_arrows(name, tree)] == []


def test_only_announce_and_again_enqueue() -> None:
    assert [found for name, tree in modules().items() for found in foreign_enqueues(name, tree)] == []


def test_only_booking_writes_occupancies() -> None:
    assert [found for name, tree in modules().items() for found in foreign_occupancy_writes(name, tree)] == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("notifications.delivery", "from appointments.models import Appointment"),
        ("appointments.tasks", "import reschedule.celery"),
        ("appointments.domain.promises", "from appointments.demo import names"),
        ("appointments.models.people", "def late():\n    from appointments.domain import booking"),
        ("appointments.domain.booking", "from appointments.views.customer.answer import show"),
        ("appointments.domain.booking", "from appointments import tasks"),
        ("appointments.domain.promises", "from .. import tasks"),
        ("appointments.domain.promises", "from ..views.pick import show"),
        ("appointments.domain", "from ..views import pick"),
        ("appointments.domain.moving.rounds", "from notifications import outbox"),
        ("appointments.views.desk.moving.rounds", "from notifications.errors import RenderError"),
        ("appointments.domain.moving.rounds", "from notifications.text import rendering"),
        ("appointments.domain.schedule.slots", "from appointments.domain import booking"),
        ("appointments.domain.messages.announce", "from appointments.domain.moving import rounds"),
        ("appointments.domain.promises", "from appointments.domain.moving.phone.calls import record_call"),
        ("appointments.domain.moving.answers", "from appointments.domain.pages import board"),
        ("appointments.domain.disruptions.planner.plan", "from django.utils import timezone"),
        ("appointments.domain.recovery.honesty.reading", "from django.conf import settings"),
        ("appointments.domain.recovery.honesty.rules.money", "from appointments.models import Reason"),
        ("appointments.domain.recovery.practice.results", "from appointments.domain.messages import announce"),
        ("notifications.models", "from notifications.outbox import enqueue"),
    ],
)
def test_an_import_against_an_arrow_is_seen(name: str, source: str) -> None:
    assert len(broken_arrows(name, ast.parse(source))) >= 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("appointments.domain.messages.announce", "from notifications import outbox"),
        ("appointments.models.people", "from notifications.enums import Channel"),
        ("appointments.models.people", "from notifications.text import languages"),
        ("appointments.receivers", "from notifications.signals import message_failed"),
        ("appointments.views.customer.answer", "from appointments.domain.moving import rounds"),
        ("reschedule.urls", "from appointments import views"),
    ],
)
def test_an_import_along_the_arrows_is_allowed(name: str, source: str) -> None:
    assert broken_arrows(name, ast.parse(source)) == []


def test_an_enqueue_outside_announce_is_seen() -> None:
    tree = ast.parse("outbox.enqueue('key', to=customer)")
    assert foreign_enqueues("appointments.views.customer.answer", tree) == [
        "appointments.views.customer.answer enqueues"
    ]
    past_announce = ast.parse("from appointments.domain.messages import sending")
    assert foreign_enqueues("appointments.domain.moving.rounds", past_announce) == [
        "appointments.domain.moving.rounds enqueues"
    ]
    for one in (tree, past_announce):
        assert foreign_enqueues("appointments.domain.messages.announce", one) == []


@pytest.mark.parametrize(
    "source",
    [
        "Occupancy(resource=room).save()",
        "Occupancy.objects.filter(pk=3).update(ends_at=now)",
        "models.Occupancy.objects.bulk_create(rows)",
        "appointment.occupancies.all().delete()",
        "request.holds.create(resource=room)",
    ],
)
def test_an_occupancy_written_outside_booking_is_seen(source: str) -> None:
    tree = ast.parse(source)
    assert len(foreign_occupancy_writes("appointments.domain.moving.rounds", tree)) == 1
    assert foreign_occupancy_writes("appointments.domain.booking", tree) == []


def test_reading_occupancies_is_free() -> None:
    tree = ast.parse("Occupancy.objects.filter(resource=room).in_force(now).exists()")
    assert foreign_occupancy_writes("appointments.domain.imports.run.reading.rows", tree) == []

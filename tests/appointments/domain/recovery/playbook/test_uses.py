"""Whether a solution helped is told by what customers did."""

import pytest

from appointments.domain import actors
from appointments.domain.moving import answers, rounds
from appointments.domain.recovery import cases, steps
from appointments.domain.recovery.playbook import uses
from appointments.domain.recovery.playbook.uses import Helped
from appointments.enums import (
    LIVE_REQUEST_STATES,
    ApologyLevel,
    CaseConcern,
    CaseOrigin,
    PointAction,
    RequestState,
    UsedBy,
)
from appointments.errors import DomainError
from appointments.models import CasePoint, RescheduleRequest, SolutionUse, SolutionVersion
from tests.clock import NOW, days, hours
from tests.factories import Clinic, CustomerFactory, RecoveryCaseFactory, RescheduleRequestFactory
from tests.factories.playbook import solution


@pytest.fixture
def version(melati: Clinic) -> SolutionVersion:
    return solution(melati.manager)


def moved(melati: Clinic, version: SolutionVersion, **more: object) -> RescheduleRequest:
    appointment = melati.booked()
    by = actors.staff(melati.staff)
    return uses.open_round(appointment, melati.draft(appointment, **more), using=[version], by=by, now=NOW)  # type: ignore[arg-type]


def ended(melati: Clinic, version: SolutionVersion, state: RequestState) -> None:
    round_ = RescheduleRequestFactory(
        appointment=melati.booked(NOW + days(2), customer=CustomerFactory(), room=None),
        state=state,
        closed_at=None if state in LIVE_REQUEST_STATES else NOW,
    )
    SolutionUse.objects.create(version=version, round=round_, by=melati.staff, at=NOW)


def test_a_solution_used_for_a_move_is_kept_with_it(melati: Clinic, version: SolutionVersion) -> None:
    round_ = moved(melati, version)

    used = SolutionUse.objects.get()
    assert (used.version, used.round, used.point, used.by, used.at) == (version, round_, None, melati.staff, NOW)
    assert uses.helped([version.solution_id]) == {version.solution_id: Helped(0, 0)}

    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW + hours(1))
    assert uses.helped([version.solution_id]) == {version.solution_id: Helped(1, 1)}


def test_the_same_form_twice_is_one_use(melati: Clinic, version: SolutionVersion) -> None:
    appointment = melati.booked()
    draft = melati.draft(appointment, nonce="once")
    for _ in range(2):
        uses.open_round(appointment, draft, using=[version], by=actors.staff(melati.staff), now=NOW)

    assert SolutionUse.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (RequestState.ACCEPTED, Helped(1, 1)),
        (RequestState.KEPT, Helped(0, 1)),
        (RequestState.CANCELLED, Helped(0, 1)),
        (RequestState.REPLACED, Helped(0, 1)),
        (RequestState.OPEN, Helped(0, 0)),
        (RequestState.WITH_US, Helped(0, 0)),
        (RequestState.WITHDRAWN, Helped(0, 0)),
    ],
)
def test_what_each_end_of_a_move_says(
    melati: Clinic, version: SolutionVersion, state: RequestState, found: Helped
) -> None:
    ended(melati, version, state)

    assert uses.helped([version.solution_id]) == {version.solution_id: found}


def test_below_three_nothing_is_said() -> None:
    assert [Helped(of, of).is_known for of in (0, 2, 3)] == [False, False, True]


def test_who_may_not_use_it_moves_nobody_with_it(melati: Clinic) -> None:
    version = solution(melati.manager, used_by=UsedBy.MANAGERS)

    with pytest.raises(DomainError, match="“Another colleague” is for managers"):
        moved(melati, version)
    assert not RescheduleRequest.objects.exists()


def point_of(melati: Clinic) -> CasePoint:
    round_ = rounds.open_round(
        appointment := melati.booked(), melati.draft(appointment), by=actors.staff(melati.staff), now=NOW
    )
    answers.accept(round_.offers.get(position=1), nonce="p", now=NOW)
    case = cases.take_up(appointment, CaseOrigin.TOLD, key="a", words="Who pays?", now=NOW, by=actors.CUSTOMER)
    assert case is not None
    by = melati.staff
    steps.hear(case, concern=CaseConcern.PRICE, wants="", points=["Who pays?", "When?"], by=by, now=NOW)
    steps.empathise(case, cost="Money.", by=by, now=NOW)
    steps.apologise(case, level=ApologyLevel.RESPONSIBLE, by=by, now=NOW)
    return case.points.order_by("pk").first()  # type: ignore[return-value]


def test_a_point_answered_anew_keeps_the_last_word(melati: Clinic, version: SolutionVersion) -> None:
    point, other = point_of(melati), solution(melati.manager)
    said = {"action": PointAction.WORDS, "reply": "We do.", "by": melati.staff, "now": NOW}

    uses.resolve(point, using=[version], **said)  # type: ignore[arg-type]
    uses.resolve(point, using=[other], **said)  # type: ignore[arg-type]

    assert [(one.version, one.point) for one in SolutionUse.objects.all()] == [(other, point)]


@pytest.mark.parametrize(("solved", "found"), [(True, Helped(1, 1)), (False, Helped(0, 1)), (None, Helped(0, 0))])
def test_a_complaint_counts_once_as_the_customer_says(
    melati: Clinic, version: SolutionVersion, solved: bool | None, found: Helped
) -> None:
    case = RecoveryCaseFactory(appointment=melati.booked())
    for words in ("One.", "Two."):
        point = CasePoint.objects.create(case=case, words=words, confirmed_at=NOW)
        SolutionUse.objects.create(version=version, point=point, by=melati.staff, at=NOW)
    type(case).objects.filter(pk=case.pk).update(solved=solved)

    assert uses.helped([version.solution_id]) == {version.solution_id: found}

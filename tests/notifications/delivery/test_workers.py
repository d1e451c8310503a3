"""A worker sends one message after the other, and whatever happens to one it comes back for the next."""

from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from notifications.channels.base import NoConnection, Outgoing, Permanent, Receipt, Sender, Temporary, Trouble
from notifications.delivery.workers import Result, Worker

SECONDS = 30


class Scripted(Sender):
    """Does what is said for each message: a receipt is given, an error is raised."""

    def __init__(self) -> None:
        self.script: list[Receipt | Exception] = []
        self.closed = 0

    def send(self, outgoing: Outgoing) -> Receipt:
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def sender() -> Scripted:
    return Scripted()


@pytest.fixture
def results() -> SimpleQueue[Result]:
    return SimpleQueue()


@pytest.fixture
def worker(sender: Scripted, results: SimpleQueue[Result]) -> Iterator[Worker]:
    hired = Worker(lambda: sender, results)
    yield hired
    hired.dismiss()
    hired.wait(SECONDS)


def outgoing(pk: int) -> Outgoing:
    return Outgoing(pk=pk, message_id=f"<{pk}@x>", name="Ana", address="ana@mail.example", ready=b"")


def test_a_receipt_and_trouble_are_told_as_they_are(
    worker: Worker, sender: Scripted, results: SimpleQueue[Result]
) -> None:
    receipt, trouble = Receipt(), Permanent("550 No such person")
    sender.script = [receipt, trouble, NoConnection("closed"), receipt]
    found = []
    for pk in range(1, 5):
        worker.hand_over(outgoing(pk))
        found.append(results.get(timeout=SECONDS))
    assert [(one.outgoing.pk, one.receipt, type(one.trouble)) for one in found] == [
        (1, receipt, type(None)), (2, None, Permanent), (3, None, NoConnection), (4, receipt, type(None)),
    ]  # fmt: skip
    assert all(one.worker is worker and one.seconds >= 0 for one in found)


def test_a_fault_of_ours_costs_one_attempt_and_not_the_worker(
    worker: Worker, sender: Scripted, results: SimpleQueue[Result]
) -> None:
    sender.script = [ZeroDivisionError("oops"), Receipt()]
    for pk in (1, 2):
        worker.hand_over(outgoing(pk))
    stumbled, fine = results.get(timeout=SECONDS), results.get(timeout=SECONDS)
    assert isinstance(stumbled.trouble, Temporary)
    assert isinstance(stumbled.trouble, Trouble)
    assert "ZeroDivisionError" in str(stumbled.trouble)
    assert fine.receipt


def test_who_is_dismissed_finishes_and_closes_the_line(
    worker: Worker, sender: Scripted, results: SimpleQueue[Result]
) -> None:
    sender.script = [Receipt()]
    worker.hand_over(outgoing(1))
    worker.dismiss()
    worker.wait(SECONDS)
    assert results.get(timeout=SECONDS).receipt
    assert sender.closed == 1

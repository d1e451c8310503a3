"""The plan that is at hand at once: one after the other, the most urgent first, each gets its cheapest open way."""

from collections.abc import Iterable

from appointments.domain.disruptions.planner.draft import NO_WAY, Draft


def by_priority(draft: Draft, numbers: Iterable[int]) -> list[int]:
    """The most urgent first, then by the time that was taken away."""
    jobs = draft.problem.jobs
    return sorted(numbers, key=lambda number: (-jobs[number].priority, jobs[number].start, jobs[number].key))


def place_in_turn(draft: Draft, numbers: Iterable[int]) -> None:
    """Give each that has none its cheapest open way, in this order; those for whom nothing is open stay without."""
    for number in numbers:
        found = draft.cheapest_open(number) if draft.ways[number] == NO_WAY and number not in draft.pinned else None
        if found:
            draft.put(number, *found)

"""Several jobs placed at once, so that all together are cheapest: linear programs over few ways, chosen by prices.

A program sees only the ways that look cheap at the prices so far; its own prices tell which it misses; so it goes on
until it misses none. Its answers are nearly always whole; what is not is rounded, and the draft takes an answer only
when it is cheaper than what was there.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from appointments.domain.disruptions.planner.costs import FloatArray
from appointments.domain.disruptions.planner.draft import NO_WAY, Draft
from appointments.domain.disruptions.planner.greedy import by_priority, place_in_turn
from appointments.domain.disruptions.planner.problem import IntArray
from appointments.domain.disruptions.planner.search.matching import matches
from appointments.domain.disruptions.planner.search.pool import Columns, Pool
from appointments.domain.disruptions.planner.search.prices import prices
from appointments.domain.disruptions.planner.search.program import Answer, Program
from appointments.domain.disruptions.planner.search.rows import NO_MARKS, Marks, Rows, crowds

FIRST_LOOK, NEXT_LOOK, LAST_LOOK = 15, 10, 60
"""How many ways a job brings into the first program, into each of the next, at most into the last, the whole one."""
NEAR = 1e-5
"""A plan this near to the best that there can be is good enough."""
A_LITTLE = 1e-6
MATCHED = 1000
"""So many are matched in good time; nothing can interrupt it."""
NOBODY_STAYS: Mapping[int, int] = MappingProxyType({})


class Together:
    """The search for better ways for `numbers`, beside all others in the draft, who stay where they are.

    `stay`: who should keep which way, unless to change it saves everybody more than `surcharge`.
    """

    def __init__(
        self,
        draft: Draft,
        rows: Rows,
        numbers: Sequence[int],
        *,
        stay: Mapping[int, int] = NOBODY_STAYS,
        surcharge: float = 0,
    ) -> None:
        self._draft, self._rows, self._numbers = draft, rows, numbers
        self._stay, self._surcharge = stay, surcharge
        held = self._lift()
        self._pool = Pool(draft, numbers, rows.firsts, stay=stay, surcharge=surcharge)
        self._program = Program(rows.matrix, rows.capacity(draft.taken.left), self._pool.without)
        self._put(held)
        self._columns = self._held()
        self._bound, self._steady = -np.inf, np.zeros(len(self._program.capacity))
        """No plan is cheaper than the bound; the steady prices are those that told it."""

    def improve(self, *, deadline: float) -> Iterator[None]:
        """Make the draft cheaper, step by step, until nothing is left to gain or the time is over."""
        slots = self._rows.slots
        if slots is not None and len(self._numbers) <= MATCHED and not self._have_companions():
            yield from self._match(slots, deadline=deadline)
            return
        program, everything = self._program, np.full(len(self._numbers), np.inf)
        goal, moves = self._value(), float(self._columns.costs.sum())
        start = prices(program.matrix, program.capacity, self._pool, goal=goal, moves=moves, deadline=deadline)
        self._look(start, FIRST_LOOK, below=everything)
        while True:
            answer = program.solve(self._columns, self._same_customers(), deadline=deadline)
            if answer is None:
                return
            if self._take(answer):
                yield
            if self._is_near(answer.value) or not self._look_again(answer):
                break
        if self._value() > answer.value + A_LITTLE:
            margin = self._value() - self._bound
            self._look(answer.prices, LAST_LOOK, below=answer.worths + margin)
            whole = program.solve_whole(self._columns, self._same_customers(), deadline=deadline)
            if whole and self._take(whole):
                yield

    def _have_companions(self) -> bool:
        """Whether two of them are of one customer."""
        some = set(self._numbers)
        return any(len(some.intersection(group)) > 1 for group in self._draft.groups)

    def _match(self, slots: IntArray, *, deadline: float) -> Iterator[None]:
        """The same where the jobs compete for slots and for nothing else."""
        nothing = np.array([])
        for columns, bound in matches(slots, self._pool, deadline=deadline):
            self._columns, self._bound = columns, bound
            if self._take(Answer(bound, np.ones(len(columns.lines)), nothing, nothing)):
                yield
            if self._is_near(bound):
                return

    def _is_near(self, value: float) -> bool:
        """Whether neither the plan nor its program can become much better."""
        return max(value, self._value()) - self._bound <= NEAR * abs(self._bound)

    def _look_again(self, answer: Answer) -> bool:
        """Bring in what the program misses; False when that is nothing.

        Prices swing from one program to the next; half-way to the steady ones they are nearer to the truth.
        """
        everything = np.full(len(self._numbers), np.inf)
        if self._look((self._steady + answer.prices) / 2, NEXT_LOOK, below=everything, missed_by=answer):
            return True
        return self._look(answer.prices, NEXT_LOOK, below=answer.worths - A_LITTLE, missed_by=answer)

    def _look(self, prices_: FloatArray, most: int, *, below: FloatArray, missed_by: Answer | None = None) -> bool:
        """Add the cheapest ways at these prices to the columns, and learn from what they say of the best plan.

        Whether there was one that the program of the answer missed.
        """
        columns, least = self._pool.cheapest(self._program.matrix.T @ prices_, most, below=below)
        bound = float(least.sum() - prices_ @ self._program.capacity)
        if bound > self._bound:
            self._bound, self._steady = bound, prices_
        size = self._program.matrix.shape[1]
        known = self._columns.lines * size + self._columns.ways
        new = ~np.isin(columns.lines * size + columns.ways, known)
        columns = Columns(columns.lines[new], columns.ways[new], columns.costs[new])
        self._columns = self._columns.with_also(columns)
        if missed_by is None:
            return True
        full = columns.costs + (self._program.matrix.T @ missed_by.prices)[columns.ways]
        return bool((full < missed_by.worths[columns.lines] - A_LITTLE).any())

    def _held(self) -> Columns:
        """The ways that the jobs have now, at what they cost by the program's measure."""
        draft = self._draft
        held = [(line, number) for line, number in enumerate(self._numbers) if draft.ways[number] != NO_WAY]
        ways = [self._rows.firsts[draft.problem.jobs[number].kind] + draft.ways[number] for __, number in held]
        costs = [
            draft.costs[number] + self._surcharge * (self._stay.get(number, draft.ways[number]) != draft.ways[number])
            for __, number in held
        ]
        lines = np.array([line for line, __ in held], dtype=np.int64)
        return Columns(lines, np.array(ways, dtype=np.int64), np.array(costs, dtype=np.float64))

    def _value(self) -> float:
        """What the draft costs by the program's measure."""
        held = self._held()
        return float(held.costs.sum() + np.delete(self._program.without, held.lines).sum())

    def _same_customers(self) -> Marks:
        """The columns that would have a customer in two places at once."""
        lines = {number: line for line, number in enumerate(self._numbers)}
        groups = [[lines[number] for number in group if number in lines] for group in self._draft.groups]
        chosen = [np.flatnonzero(np.isin(self._columns.lines, group)) for group in groups if len(group) > 1]
        if not chosen:
            return NO_MARKS
        columns = np.concatenate(chosen)
        group = np.repeat(np.arange(len(chosen)), [len(some) for some in chosen])
        marks = crowds(group, *self._rows.meetings(self._columns.ways[columns]))
        return Marks(marks.rows, columns[marks.columns], marks.size)

    def _take(self, answer: Answer) -> bool:
        """Put the answer into the draft: what is most wanted first, then whatever is open; False, and nothing is
        changed, when that is not cheaper."""
        cost, value = self._draft.cost, self._value()
        held = self._lift()
        for place in np.argsort(-answer.parts, kind="stable"):
            if answer.parts[place] < A_LITTLE:
                break
            number = self._numbers[self._columns.lines[place]]
            way = int(self._columns.ways[place]) - self._rows.firsts[self._draft.problem.jobs[number].kind]
            if self._draft.ways[number] == NO_WAY and self._draft.is_open(number, way):
                self._draft.put(number, way, self._draft.choices.cost(number, way))
        place_in_turn(self._draft, by_priority(self._draft, self._numbers))
        if self._draft.cost < cost - A_LITTLE and self._value() < value:
            return True
        self._lift()
        self._put(held)
        return False

    def _lift(self) -> list[tuple[int, int, float]]:
        """Take the ways from all numbers; who had which."""
        ways, costs = self._draft.ways, self._draft.costs
        held = [(number, ways[number], costs[number]) for number in self._numbers if ways[number] != NO_WAY]
        for number in self._numbers:
            self._draft.lift(number)
        return held

    def _put(self, held: Sequence[tuple[int, int, float]]) -> None:
        for one in held:
            self._draft.put(*one)

"""What an owner reads of every message and every part of one that may be worded."""

import pytest

from appointments.domain.messages.kinds import KINDS
from appointments.domain.messages.wording import editing, labels
from notifications.text.values import EVERY

ALL = [EVERY, *KINDS]


def test_every_kind_stands_in_the_list_once_with_a_name() -> None:
    listed = [kind for __, kinds in labels.GROUPS for kind in kinds]
    assert sorted(listed) == sorted(ALL) == sorted(labels.KINDS)


@pytest.mark.django_db
def test_every_part_has_a_name_and_so_has_everything_that_can_be_filled_in() -> None:
    for kind in ALL:
        for one in editing.of(kind):
            for part in one.parts:
                assert part.key in labels.PARTS
                assert part.where in labels.PLACES
                assert set(editing.allowed(kind, part)) <= labels.PLACEHOLDERS.keys()

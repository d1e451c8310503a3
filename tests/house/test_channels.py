"""A channel answers for itself: nobody else asks by which one a message goes."""

import ast

import pytest

from tests.house.source import modules, within


def comparisons_of_channels(name: str, tree: ast.Module) -> list[str]:
    """Comparisons with a member of Channel, or with a collection of them, outside the channels themselves."""
    if within(name, "notifications.channels"):
        return []
    return [
        f"{name}:{node.lineno} asks {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(
            isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "Channel"
            for operand in (node.left, *node.comparators)
            for part in ast.walk(operand)
        )
    ]


def test_nobody_asks_which_channel_it_is() -> None:
    assert [found for name, tree in modules().items() for found in comparisons_of_channels(name, tree)] == []


@pytest.mark.parametrize(
    "source",
    ["message.channel == Channel.EMAIL", "if channel in {Channel.SMS, Channel.CALL}: pass", "Channel.CALL != channel"],
)
def test_a_question_for_a_channel_is_seen(source: str) -> None:
    assert len(comparisons_of_channels("notifications.delivery.run", ast.parse(source))) == 1
    assert len(comparisons_of_channels("appointments.domain.messages.announce", ast.parse(source))) == 1
    assert comparisons_of_channels("notifications.channels.email.channel", ast.parse(source)) == []

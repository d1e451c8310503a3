"""How whoever reads is spoken to, in languages that have a word for it: of "Ny. Ratna" that is Ibu, of Budi we do not
know and say Bapak/Ibu, and in a warm tone everybody is Kak.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from notifications.text.habits import habits
from notifications.text.names import called


def addressed(customer: Mapping[str, Any], language: str) -> str:
    """`customer`: `name`, `honorific` ("mr", "ms" or "") and the `tone` of the business. Both ways where we do not know
    which; "" in a language without such words. Parents of a child are never spoken to as if they were friends.
    """
    tone = "" if called(str(customer.get("name", ""))).is_child else str(customer.get("tone", ""))
    return habits(language).addressed(str(customer.get("honorific", "")), tone=tone)


def addressing(text: str, customer: Mapping[str, Any], language: str) -> str:
    """A text for anybody, which says "you" both ways, as it is said to this customer."""
    either = habits(language).addressed("")
    return text.replace(either, addressed(customer, language)) if either else text

"""Short names for addresses and imports, made out of what a thing is called."""

from django.db.models import Model
from django.utils.text import slugify

LONGEST = 36


def code_for(name: str, table: type[Model], *, otherwise: str) -> str:
    """One that nothing of `table` has yet. `otherwise`: for a name in letters that no address holds."""
    wanted = slugify(name)[:LONGEST].strip("-") or otherwise
    taken = set(table._default_manager.filter(code__startswith=wanted).values_list("code", flat=True))
    free = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(one for one in free if one not in taken)

"""Changes that change nothing, each with the reason: a module, and the changed line as it then reads."""

EQUIVALENT: dict[tuple[str, str], str] = {}

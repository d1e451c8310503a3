"""How the business words its messages: which parts, what may stand in them, how they will read, and their versions."""

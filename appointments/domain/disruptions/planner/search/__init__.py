"""How a plan becomes cheaper: linear programs over what is open, by prices of time."""

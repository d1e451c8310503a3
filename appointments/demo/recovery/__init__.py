"""How the clinic makes up for what went wrong: what it gives, and what its colleagues know to do."""

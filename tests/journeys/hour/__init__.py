"""A receptionist's hour: its tasks, and what each costs the hand that does it."""

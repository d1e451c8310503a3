"""Rules changed one at a time, to see whether a test notices: `make mutants`.

mutmut changes only what stands inside functions, and cosmic-ray starts a new process with a new database for each
change: the first would never touch a constant, the second would take hours. So this is a page of our own.
"""

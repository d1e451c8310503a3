"""Practising with invented customers: held to the same rules as the real work, and nothing of it leaves."""

"""Imports as a colleague does them on a page: upload, choose, look, bring in, take back. The engine is beside it."""

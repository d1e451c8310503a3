"""Somebody's own way in: before they have one, and once they do."""

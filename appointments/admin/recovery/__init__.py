"""Complaints, what we change because of them, and what we give for what was our doing."""

from appointments.admin.recovery import cases, compensation, prevention

__all__ = ["cases", "compensation", "prevention"]

"""Complaints, and what we give for what was our doing."""

from appointments.admin.recovery import cases, compensation

__all__ = ["cases", "compensation"]

"""What has waited since the database was restored: to be looked at, and let go or dropped by a person."""

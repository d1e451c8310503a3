"""New times for hundreds of appointments at once. Pure: no database, and no clock but the seconds it may take."""

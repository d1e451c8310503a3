"""Django's PostgreSQL back-end, except that it notices soon when its server is gone (settings.DATABASES, ENGINE)."""

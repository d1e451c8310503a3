"""From SQLite into an empty PostgreSQL: everything, once, and compared row by row before it counts."""

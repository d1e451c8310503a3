"""When something cannot take place: said by a colleague, seen on its board, planned, running late, and closed."""

"""When something cannot take place: said by a colleague, seen on its board, planned, and running late."""

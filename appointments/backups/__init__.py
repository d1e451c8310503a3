"""One file that holds everything: a database's dump, and what it must be known to be before it is loaded again."""

"""A file to bring in, and how it is to be read."""

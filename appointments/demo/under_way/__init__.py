"""What is going on at the desk right now."""

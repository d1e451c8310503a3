"""What we change, and whether it helped."""

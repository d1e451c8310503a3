"""What a message says: its values, its words, its hours."""

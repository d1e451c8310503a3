"""What a colleague writes into the diary: a new appointment, once or again and again, and taking it back."""

"""What is kept of a person: handed over to them, forgotten for them, and forgotten by itself when its time is over."""

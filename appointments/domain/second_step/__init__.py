"""What somebody shows beside the password: set up, asked for, renamed, taken away."""

"""Forms about colleagues."""

"""Moving one customer: what a colleague decides, one time more, and beginning again with what was taken back."""

"""Moving one customer: offered, or as agreed."""

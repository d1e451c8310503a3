"""What is typed while a business is set up, and in its settings afterwards."""

"""What tells somebody outside how it runs, where they want it: figures for a monitor, errors for a collector."""

"""Benchmarks against yardsticks measured in the same run: `python -m tests.benchmarks [NAME …]`."""

"""Putting right what went wrong between us and a customer, beginning with the words that we write."""

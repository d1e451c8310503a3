"""Doorbells from the post office: news of messages, each handed on in one call."""

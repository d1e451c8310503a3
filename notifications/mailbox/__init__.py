"""The demo's mailbox: what customers would find in theirs."""

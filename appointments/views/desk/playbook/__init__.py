"""What colleagues know: the playbook, and practising with invented customers."""

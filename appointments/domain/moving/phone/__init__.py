"""What is settled on the phone or face to face: how a call ended, and a time that was agreed."""

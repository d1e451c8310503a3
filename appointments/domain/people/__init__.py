"""Who works here: asked to come, given a role and places, retired and brought back."""

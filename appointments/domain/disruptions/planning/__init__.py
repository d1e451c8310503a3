"""How a plan for many is asked for, made, kept, changed by hand and looked at before anybody is told."""

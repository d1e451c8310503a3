"""Setting a business up: the six steps of the first day, and the settings of every day after."""

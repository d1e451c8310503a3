"""By which ways messages leave, as far as managers say it themselves."""

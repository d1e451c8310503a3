"""The embedded installation: one parent looks after a web server and a messenger, on this machine alone."""

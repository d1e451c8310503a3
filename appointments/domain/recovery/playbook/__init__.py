"""The colleagues’ shared solutions: written, looked over, voted on, used, and measured by what became of it."""

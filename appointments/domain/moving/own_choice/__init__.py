"""What customers do on the page by themselves once they are booked: move to a free time, cancel, ask for others.

Each is a round like any other, whose reason is their own wish: `allowed` within the limits of the service, `times` to
choose from, `choice` of one of them, and the `way_back` for a while.
"""

"""Pages that change what can be booked: they ask before somebody who is booked loses their time."""

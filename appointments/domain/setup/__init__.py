"""From an empty database to a business that works: its owner, six steps with proposals, and what changes afterwards."""

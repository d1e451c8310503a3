"""The diary: what its pages are asked, and one appointment from its booking to its end."""

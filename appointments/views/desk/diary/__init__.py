"""The diary of a place: its boards, and one appointment from its booking to its end."""

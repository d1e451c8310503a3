"""The boards of the diary: a day of a place, a week of one resource, a week of a place. Reads only.

Each takes a constant number of queries, however many resources there are and however full they are.
"""

"""The second reader: what lists of words cannot hear, weighed by what many people wrote."""

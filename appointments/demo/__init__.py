"""A believable business to try the product with: a clinic chain in Jakarta and Makassar. Made anew from a seed."""

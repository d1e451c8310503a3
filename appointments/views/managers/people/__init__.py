"""The people of the business, for those who look after them."""

"""The post office: messages written with the facts, delivered after them, checked again on the way out."""

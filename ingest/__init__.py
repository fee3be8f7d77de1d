"""Files -> reports -> passages."""

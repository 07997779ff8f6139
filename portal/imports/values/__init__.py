"""One cell to a typed value."""

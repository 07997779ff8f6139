"""One email: composed, delivered, and settled when its delivery is unknown."""

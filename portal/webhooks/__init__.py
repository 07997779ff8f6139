"""What providers tell us: proved by a signature, stored by their own id, answered at once."""

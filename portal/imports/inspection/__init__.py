"""What a file holds: its encoding, header, kind and formats, found by looking at it."""

"""What both sides say after a call."""

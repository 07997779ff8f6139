"""Behind every email: take back what was agreed to, pause, come back, or hear no more, without signing in."""

"""Behind every letter: take back what was agreed to, pause, come back, or hear no more, without signing in."""

"""Behind every letter: take back what was agreed to, pause, or hear no more, without signing in."""

"""Letters in steps: who gets what, when, and what stops it. Reminders of every programme are steps."""

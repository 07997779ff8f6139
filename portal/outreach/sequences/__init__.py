"""Emails in steps: who gets what, when, and what stops it. Reminders of every program are steps."""

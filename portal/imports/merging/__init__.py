"""Checked rows into tables, and back."""

"""Asking advocates for a request, and their answers."""

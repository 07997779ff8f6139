"""Audiences: conditions on people and their companies, saved as segments, and draws of people from them."""

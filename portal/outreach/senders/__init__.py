"""Whom the emails of a workspace come from, and whether its domain vouches for them."""

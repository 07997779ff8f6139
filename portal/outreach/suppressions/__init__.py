"""Whom we never write to again, and about what: kept by a keyed hash, so that it survives erasure."""

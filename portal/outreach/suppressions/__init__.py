"""Addresses that get no more email, of some or all kinds: kept by a keyed hash, so that they outlive erasure."""

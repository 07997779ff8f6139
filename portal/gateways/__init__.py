"""The outside world, behind small doors."""

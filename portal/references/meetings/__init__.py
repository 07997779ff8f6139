"""Calls: times, bookings, moves, cancellations."""

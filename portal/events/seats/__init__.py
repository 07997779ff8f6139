"""Seats and the wait list, under the lock of the event: nobody else writes answers, seats, places in line or offers."""

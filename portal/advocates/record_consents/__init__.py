"""Consents about one record, such as photos at an event: beside the record of purposes, and kept like it."""

"""What guests see and do without an account: their answer, the public page, calendars, emails, feedback."""

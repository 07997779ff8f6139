"""Surveys: one question to many customers, answered by one tap, once or as a sample that runs all year."""

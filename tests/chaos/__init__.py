"""The whole mail path on a bad day: `make chaos`. Minutes, so not part of `make test`; a short one is.

Real processes on a PostgreSQL that keeps what it promised to keep: web, four mail workers, a worker for events, a
ticker, and a SendGrid that refuses, falls silent, loses answers, and tells us of emails late, twice and in any order.
"""

"""How long what an email says to sign in with may be used: the link, and the code beside it."""

from datetime import timedelta

from sqlalchemy import ColumnElement

from tenants.clock import utc_now
from tenants.models import SignInRequest

LINK_LIFETIME = timedelta(minutes=10)
CODE_REUSE_PERIOD = timedelta(minutes=10)  # so long a request is sent again; no code lives twenty minutes
MAX_TRIES = 5


def is_unused() -> tuple[ColumnElement[bool], ...]:
    return SignInRequest.used_at.is_(None), SignInRequest.sent_at > utc_now() - LINK_LIFETIME


def is_open() -> tuple[ColumnElement[bool], ...]:
    return (*is_unused(), SignInRequest.tries < MAX_TRIES)

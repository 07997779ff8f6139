"""Every room of the house, in one list."""

from flask import Blueprint

from portal.signin.views import bp as signin
from portal.web import brand

BLUEPRINTS: list[Blueprint] = [
    brand.bp,
    signin,
]
MAILBOX: list[Blueprint] = []  # demo and development
DEMO_ONLY: list[Blueprint] = []

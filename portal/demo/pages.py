"""Pages of demo and development, which `wsgi.py` hands to the web application. Production never imports them."""

from flask import Blueprint

from portal.demo.clock_views import bp as clock
from portal.demo.mailbox_views import bp as mailbox
from portal.demo.sign_in_views import bp as sign_in
from portal.settings import Settings


def extra_pages(settings: Settings) -> list[Blueprint]:
    return [mailbox, clock, *([sign_in] if settings.is_demo else [])]

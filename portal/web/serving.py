"""The app behind its buffer, with the limits of this house."""

from flask import Flask

from portal.settings import Settings
from portal.web import session_cookie
from portal.web.buffer import Buffer
from portal.web.caps import caps
from portal.web.intake import Intake, Pace
from portal.web.room import Room, shared_file


def buffered(app: Flask, settings: Settings, pace: Pace | None = None) -> Buffer:
    room = Room(int(settings.spool_megabytes), shared_file())
    is_ours, name, proxies = session_cookie.is_signed, session_cookie.NAME, int(settings.trusted_proxies)
    return Buffer(app, Intake(caps(app), is_ours, name, room, pace or Pace(), proxies))

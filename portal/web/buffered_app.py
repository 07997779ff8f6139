"""The app behind its buffer, with the limits of this application."""

from flask import Flask

from portal.settings import Settings
from portal.web import session_cookie
from portal.web.body_limits import limit_lookup
from portal.web.body_reader import BodyPace, BodyReader
from portal.web.buffer import Buffer
from portal.web.disk_quota import DiskQuota, quota_file


def with_buffer(app: Flask, settings: Settings, pace: BodyPace | None = None) -> Buffer:
    room = DiskQuota(int(settings.spool_megabytes), quota_file())
    is_ours, name, proxies = session_cookie.is_signed, session_cookie.NAME, int(settings.trusted_proxies)
    return Buffer(app, BodyReader(limit_lookup(app), is_ours, name, room, pace or BodyPace(), proxies))

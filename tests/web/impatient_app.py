"""The application behind an impatient buffer: `portal.web.server --target tests.web.impatient_app:site`."""

from portal.app import create_app
from portal.settings import Settings
from portal.web.body_reader import BodyPace
from portal.web.buffered_app import with_buffer

settings = Settings.from_env()
site = with_buffer(create_app(settings), settings, BodyPace(begin=0.7, interval=0.7))

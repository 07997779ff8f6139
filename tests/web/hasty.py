"""The house behind a buffer of little patience, for tests: `portal.web.server --target tests.web.hasty:site`."""

from portal.app import create_app
from portal.settings import Settings
from portal.web.intake import Pace
from portal.web.serving import buffered

settings = Settings.from_env()
site = buffered(create_app(settings), settings, Pace(begin=0.7, stretch=0.7))

"""What Granian serves: `granian --interface wsgi wsgi:app`."""

from portal.app import create_app, insist
from portal.settings import Settings

settings = Settings.from_env()
app = create_app(settings)
insist(settings)

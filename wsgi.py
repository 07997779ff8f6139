"""What Granian serves: `granian --interface wsgi wsgi:app`. The `flask` command finds its app here."""

import os

from portal.app import create_app
from portal.doors import insist
from portal.settings import Settings

settings = Settings.from_env()
app = create_app(settings)
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # `flask db upgrade` comes before there is a wall
    insist(settings)

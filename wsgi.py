"""`site` is what Granian serves (`python -m portal.web.server`). The `flask` command finds its app here."""

import os

from flask import Blueprint

from portal.app import create_app
from portal.bootstrap import check_startup
from portal.settings import Settings
from portal.web.buffered_app import with_buffer

settings = Settings.from_env()
pages: list[Blueprint] = []
if not settings.is_production:
    from portal.demo.pages import extra_pages

    pages = extra_pages(settings)
app = create_app(settings, pages)
site = with_buffer(app, settings)
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # `flask db upgrade` comes before there is a wall
    check_startup(settings)

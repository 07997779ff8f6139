"""The factory is a list: settings, the wall, the parts of the web, the features."""

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Flask, g
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.blueprints import BLUEPRINTS, DEMO_ONLY, MAILBOX
from portal.commands import COMMANDS
from portal.doors import open_doors
from portal.settings import Settings
from portal.signin import sessions
from portal.web import assets, errors, filters, headers, looks, urls
from portal.web.access import insist_on_access, may
from portal.web.caps import STRANGERS, insist_on_caps
from portal.web.current import is_htmx
from portal.web.dispatch import Portal
from portal.web.outside import called_from_outside
from tenants.database import Limits, read_clock

TEMPLATES = Path(__file__).parents[1] / "templates"
IDLE = timedelta(minutes=1)  # a transaction whose request hangs holds rows no longer
csrf = CSRFProtect()
babel = Babel()
login = LoginManager()


def create_app(settings: Settings) -> Portal:
    """The web application. The database is not touched before the first request or `insist`."""
    app = Portal(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.config.from_mapping(for_flask(settings))
    app.sessions = sessions
    app.limits = Limits(timedelta(seconds=int(settings.statement_seconds)), IDLE)
    open_doors(settings)
    for part in (csrf, assets, errors, headers, filters, looks, urls):
        part.init_app(app)
    babel.init_app(app, locale_selector=filters.language_wanted)
    _who_is_here(app)
    for blueprint in BLUEPRINTS + _extra(settings):
        app.register_blueprint(blueprint)
    for view in called_from_outside(app):
        csrf.exempt(view)
    for command in COMMANDS:
        app.cli.add_command(command)
    if not settings.is_production:
        app.before_request(read_clock)
    insist_on_access(app)
    insist_on_caps(app)
    app.config["RESERVED_SLUGS"] = urls.reserved_slugs(app)
    app.wsgi_app = ProxyFix(app.wsgi_app, *[int(settings.trusted_proxies)] * 4)  # type: ignore[method-assign]
    return app


def for_flask(settings: Settings) -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": STRANGERS,  # each view has its own: portal/web/caps.py
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "gw_form",  # holds the form's secret and messages, never who is signed in
        "WTF_CSRF_CHECK_DEFAULT": False,  # portal/web/dispatch.py asks for it, once it knows who came
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.is_https,
    }


def _who_is_here(app: Flask) -> None:
    """Flask-Login knows the user the door found; its own cookies are not used, they survive signing out."""
    login.init_app(app)
    login.request_loader(lambda _: g.get("user"))
    app.jinja_env.globals.update(may=may, is_htmx=is_htmx)
    app.context_processor(lambda: {"workspace": g.get("tenant"), "member": g.get("member")})


def _extra(settings: Settings) -> list[Blueprint]:
    return (MAILBOX if not settings.is_production else []) + (DEMO_ONLY if settings.is_demo else [])

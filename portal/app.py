"""The factory is a list: settings, the wall, the parts of the web, the features."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Flask, g
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.blueprints import BLUEPRINTS
from portal.bootstrap import connect_services
from portal.commands import COMMANDS
from portal.settings import Settings
from portal.signin import sessions
from portal.web import assets, errors, filters, headers, template_globals, urls
from portal.web.access import can_open, check_access_rules
from portal.web.body_limits import ANONYMOUS_LIMIT, check_body_limits
from portal.web.csrf_exempt import exempt_views
from portal.web.current import is_htmx
from portal.web.dispatch import Portal
from tenants.database import TransactionLimits, read_clock

TEMPLATES = Path(__file__).parents[1] / "templates"
IDLE_TRANSACTION_LIMIT = timedelta(minutes=1)  # a transaction whose request hangs holds rows no longer
csrf = CSRFProtect()
babel = Babel()
login = LoginManager()


def create_app(settings: Settings, extra_pages: Iterable[Blueprint] = ()) -> Portal:
    """Build the web application. `extra_pages`: of demo and development (`portal/demo/pages.py`)."""
    app = Portal(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.config.from_mapping(flask_config(settings))
    app.sessions = sessions
    app.limits = TransactionLimits(timedelta(seconds=int(settings.statement_seconds)), IDLE_TRANSACTION_LIMIT)
    connect_services(settings)
    for part in (csrf, assets, errors, headers, filters, template_globals, urls):
        part.init_app(app)
    babel.init_app(app, locale_selector=filters.preferred_language)
    _init_login(app)
    for blueprint in (*BLUEPRINTS, *extra_pages):
        app.register_blueprint(blueprint)
    for view in exempt_views(app):
        csrf.exempt(view)
    for command in COMMANDS:
        app.cli.add_command(command)
    if not settings.is_production:
        app.before_request(read_clock)
    check_access_rules(app)
    check_body_limits(app)
    app.config["RESERVED_SLUGS"] = urls.reserved_slugs(app)
    app.wsgi_app = ProxyFix(app.wsgi_app, *[int(settings.trusted_proxies)] * 4)  # type: ignore[method-assign]
    return app


def flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": ANONYMOUS_LIMIT,  # each view has its own: portal/web/body_limits.py
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "gw_form",  # holds the form's secret and messages, never who is signed in
        "WTF_CSRF_CHECK_DEFAULT": False,  # portal/web/dispatch.py asks for it, once it knows who came
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.is_https,
    }


def _init_login(app: Flask) -> None:
    """Flask-Login knows the user that dispatch found; its own cookies are not used, they survive signing out."""
    login.init_app(app)
    login.request_loader(lambda _: g.get("user"))
    app.jinja_env.globals.update(can_open=can_open, is_htmx=is_htmx)
    app.context_processor(lambda: {"workspace": g.get("tenant"), "member": g.get("member")})

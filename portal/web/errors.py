"""One file knows status codes. Every refusal is a page that says what happened, what was kept and what to do."""

import secrets

import structlog
from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from psycopg import errors as postgres
from sqlalchemy.exc import DBAPIError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from portal.errors import BadLink, Conflict, DomainError, NotAllowed, NotFound, Throttled, Unavailable
from portal.i18n import mark
from portal.web import expired_form, resend_link
from portal.web.refusal_text import refusal_text
from tenants.database import is_lock_conflict, is_statement_timeout

STATUS_CODES: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    BadLink: 410,
    Throttled: 429,
    Unavailable: 503,
    DomainError: 400,
}
PAGES = {400, 403, 404, 405, 408, 409, 410, 413, 422, 429, 500, 503}
STALE = mark(
    "Someone else changed this while your page was open. Your changes weren’t saved; reload to see the "
    "latest."
)
log = structlog.get_logger()


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, domain_error)
    app.register_error_handler(BadLink, bad_link)
    app.register_error_handler(StaleDataError, lambda _: error_page(409, gettext(STALE)))
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_unavailable)
    app.register_error_handler(PoolTimeout, database_unavailable)
    app.register_error_handler(DBAPIError, database_rejected)
    app.register_error_handler(StatementError, database_rejected)
    app.register_error_handler(Exception, server_error)


def error_page(
    status: int, words: str = "", number: str = "", new_link: str = "", name: str = ""
) -> ResponseReturnValue:
    """Render the page for a status without the database, which may be what is away."""
    name = name or str(status if status in PAGES else 400 if status < 500 else 500)
    body = render_template(f"errors/{name}.html", words=words, number=number, new_link=new_link, here="")
    return (body, status, {"Retry-After": "30"}) if status in {429, 503} else (body, status)


def domain_error(refusal: DomainError) -> ResponseReturnValue:
    status = next(code for kind, code in STATUS_CODES.items() if isinstance(refusal, kind))
    return error_page(status, refusal_text(refusal))


def bad_link(refusal: BadLink) -> ResponseReturnValue:
    return error_page(410, refusal_text(refusal), new_link=resend_link.new_link_url())


def csrf_error(_: CSRFError) -> ResponseReturnValue:
    if expired_form.can_be_resent():
        return expired_form.expired_form_page()
    return error_page(400, gettext("This page was open for too long. Reload it and try again."))


def http_error(problem: HTTPException) -> ResponseReturnValue:
    if problem.code is None or problem.code < 400:
        return problem.get_response()
    return error_page(problem.code)


def database_unavailable(problem: Exception) -> ResponseReturnValue:
    if is_lock_conflict(problem):
        return error_page(409, gettext(STALE))
    if is_statement_timeout(problem):
        return statement_timeout(problem)
    log.error("database is away", why=str(problem).splitlines()[0])
    return error_page(503)


def statement_timeout(problem: Exception) -> ResponseReturnValue:
    log.error("statement took too long", view=request.endpoint, why=str(problem).splitlines()[0])
    if request.method not in {"GET", "HEAD"} and expired_form.can_be_resent():
        return expired_form.expired_form_page("errors/timed_out_form.html", 503)
    return error_page(503, name="timed_out")


def database_rejected(problem: StatementError) -> ResponseReturnValue:
    """Answer text that no column can hold (a NUL byte, a number without end) as bad input, not as our failure.

    A row that exists already was written by somebody quicker.
    """
    if isinstance(problem.orig, (postgres.DataError, ValueError, OverflowError)):
        return error_page(
            400, gettext("Something you entered can’t be saved as text or a number. Nothing was changed.")
        )
    if isinstance(problem.orig, (postgres.UniqueViolation, postgres.ExclusionViolation)):
        return error_page(409, gettext(STALE))
    if isinstance(problem, DBAPIError) and problem.connection_invalidated:
        return database_unavailable(problem)
    return server_error(problem)


def server_error(problem: Exception) -> ResponseReturnValue:
    """Log the view, never the address: an address may be a signed link."""
    number = secrets.token_hex(4)
    log.error("broken", number=number, view=request.endpoint, exc_info=problem)
    g.pop("member", None)
    return error_page(500, number=number)

"""How days, moments, money and numbers are written: in the reader's language, zones always named."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from flask import Flask, g, has_request_context, request
from flask_babel import get_locale, gettext

from portal import regions
from portal.role_labels import ROLE_LABELS
from portal.safe_markdown import safe_markdown
from portal.text import clean_text
from portal.time_zones import city
from tenants.clock import utc_now, zone_abbreviation
from tenants.email_addresses import display_email
from tenants.models import Role

LANGUAGES = ["en"]


def init_app(app: Flask) -> None:
    for write in FILTERS:
        app.add_template_filter(write)
    app.jinja_env.globals["language"] = language


def preferred_language() -> str:
    if not has_request_context():
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def language() -> str:
    return str(get_locale() or "en").replace("_", "-")


def reader_zone() -> ZoneInfo:
    user, workspace = g.get("user"), g.get("tenant")
    return ZoneInfo((user and user.time_zone) or (workspace and workspace.time_zone) or "UTC")


def _local(at: datetime, time_zone: str | None) -> datetime:
    return at.astimezone(ZoneInfo(time_zone) if time_zone else reader_zone())


def day(on: date | None, time_zone: str | None = None) -> str:
    if on is None:
        return ""
    day_of = _date(on, time_zone)
    return format_date(day_of, "EEE d MMM" if _is_this_year(day_of) else "EEE d MMM y", locale=_locale())


def day_short(on: date | None, time_zone: str | None = None) -> str:
    if on is None:
        return ""
    day_of = _date(on, time_zone)
    return format_date(day_of, "d MMM" if _is_this_year(day_of) else "d MMM y", locale=_locale())


def _is_this_year(on: date) -> bool:
    return on.year == utc_now().year


def day_year(on: date | None, time_zone: str | None = None) -> str:
    return "" if on is None else format_date(_date(on, time_zone), "d MMM y", locale=_locale())


def time(at: datetime | None, time_zone: str | None = None) -> str:
    return "" if at is None else format_time(_local(at, time_zone), "HH:mm", locale=_locale())


def moment(at: datetime | None, time_zone: str | None = None) -> str:
    if at is None:
        return ""
    local = _local(at, time_zone)
    return f"{format_datetime(local, 'EEE d MMM, HH:mm', locale=_locale())} {zone_name(local)}"


def zone_name(at: datetime, time_zone: str | None = None) -> str:
    local = at.astimezone(ZoneInfo(time_zone)) if time_zone else at
    return zone_abbreviation(local)


def city_and_zone(at: datetime, time_zone: str) -> str:
    where, name = city(time_zone), zone_name(at, time_zone)
    return where if where == name else f"{where}, {name}"


def long_day(on: date, time_zone: str | None = None) -> str:
    return format_date(_date(on, time_zone), "EEEE d MMMM", locale=_locale())


def region(code: str) -> str:
    return gettext(regions.region_name(code))


def month(on: date) -> str:
    return format_date(on, "MMM", locale=_locale())


def month_year(on: date) -> str:
    return format_date(on, "MMM y", locale=_locale())


def money(cents: int | None, currency: str = "") -> str:
    if cents is None:
        return ""
    code = currency or (g.tenant.currency if g.get("tenant") else "EUR")
    locale = get_locale() or "en"  # not British English, which writes US$
    return format_currency(round(cents / 100), code, format="¤#,##0", currency_digits=False, locale=locale)


def money_short(cents: int | None, currency: str = "") -> str:
    """“€3.8M”, where there is no room for every digit."""
    if cents is None:
        return ""
    code = currency or (g.tenant.currency if g.get("tenant") else "EUR")
    return format_compact_currency(cents / 100, code, fraction_digits=1, locale=get_locale() or "en")


def number(value: float | Decimal | None) -> str:
    return "" if value is None else format_decimal(value, locale=_locale())


def tenth(value: float | None) -> str:
    """An average, with one place also where it is 0."""
    return "" if value is None else format_decimal(value, "#,##0.0", locale=_locale())


def percent(ratio: float | None) -> str:
    return "-" if ratio is None else format_percent(ratio, "#,##0%", locale=_locale())


def initials(name: str) -> str:
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts[:1])).upper()


def role(name: str) -> Any:
    return gettext(ROLE_LABELS[Role(name)])


def _date(on: date, time_zone: str | None) -> date:
    return _local(on, time_zone).date() if isinstance(on, datetime) else on


def _locale() -> Any:
    """British English reads our dates right (24 Nov); other languages as they are."""
    here = get_locale()
    return "en_GB" if here is None or str(here) == "en" else here


FILTERS = (
    day, day_short, day_year, long_day, time, moment, zone_name, city, region, month, month_year, money, money_short,
    number, tenth, percent, initials, role, display_email, clean_text,
    safe_markdown,
)  # fmt: skip

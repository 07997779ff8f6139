"""Days and moments as a letter writes them: in the reader's language and zone, the zone always named."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.support import NullTranslations, Translations
from jinja2 import pass_context
from jinja2.runtime import Context

from tenants.clock import zone_word

CATALOGUES = Path(__file__).parents[1] / "translations"


@lru_cache
def translations(locale: str) -> NullTranslations:
    """English is what is written in the templates; another language has a catalogue."""
    return Translations.load(CATALOGUES, [locale])


@pass_context
def day(context: Context, on: date, place: str = "") -> str:
    """Tue 24 Nov"""
    return format_date(_day_of(context, on, place), "EEE d MMM", locale=_locale(context))


@pass_context
def day_year(context: Context, on: date, place: str = "") -> str:
    """24 Nov 2026"""
    return format_date(_day_of(context, on, place), "d MMM y", locale=_locale(context))


@pass_context
def moment(context: Context, at: datetime, place: str = "") -> str:
    """Tue 24 Nov, 15:00 CET"""
    local = _local(context, at, place)
    return f"{format_datetime(local, 'EEE d MMM, HH:mm', locale=_locale(context))} {zone_word(local)}"


@pass_context
def clock(context: Context, at: datetime, place: str = "") -> str:
    """15:00 CET"""
    local = _local(context, at, place)
    return f"{local:%H:%M} {zone_word(local)}"


FILTERS: dict[str, Callable[..., Any]] = {"day": day, "day_year": day_year, "moment": moment, "clock": clock}


def _local(context: Context, at: datetime, place: str) -> datetime:
    return at.astimezone(ZoneInfo(place or context["time_zone"]))


def _day_of(context: Context, on: date, place: str) -> date:
    return _local(context, on, place).date() if isinstance(on, datetime) else on


def _locale(context: Context) -> str:
    """British English reads our dates right (24 Nov)."""
    named = str(context["locale"])
    return "en_GB" if named == "en" else named

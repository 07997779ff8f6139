"""Days and moments as an email writes them: in the reader's language and zone, the zone always named."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.support import NullTranslations, Translations

from tenants.clock import zone_abbreviation

TRANSLATIONS = Path(__file__).parents[1] / "translations"
CACHE_SIZE = 10_000  # emails of one campaign say the same few days over and over


@lru_cache
def translations(locale: str) -> NullTranslations:
    return Translations.load(TRANSLATIONS, [locale])


@lru_cache(CACHE_SIZE)
def translate(sentence: str, locale: str) -> str:
    return translations(locale).gettext(sentence)


@lru_cache(CACHE_SIZE)
def day(date_or_time: date, zone: str, locale: str) -> str:
    return format_date(_day_of(date_or_time, zone), "EEE d MMM", locale=_date_locale(locale))


@lru_cache(CACHE_SIZE)
def day_year(date_or_time: date, zone: str, locale: str) -> str:
    return format_date(_day_of(date_or_time, zone), "d MMM y", locale=_date_locale(locale))


@lru_cache(CACHE_SIZE)
def moment(at: datetime, zone: str, locale: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{format_datetime(local, 'EEE d MMM, HH:mm', locale=_date_locale(locale))} {zone_abbreviation(local)}"


@lru_cache(CACHE_SIZE)
def clock(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M} {zone_abbreviation(local)}"


def _day_of(on: date, zone: str) -> date:
    return on.astimezone(ZoneInfo(zone)).date() if isinstance(on, datetime) else on


def _date_locale(locale: str) -> str:
    """British English reads our dates right (24 Nov)."""
    return "en_GB" if locale == "en" else locale

"""Words with blanks: written in English below the views, translated when a page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class TranslatableText:
    message: str
    params: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return self.message % {name: _plain(value) for name, value in self.params}


def translatable(message: str, **params: Any) -> TranslatableText:
    return TranslatableText(message, tuple(params.items()))


def plain_text(parts: Iterable[TranslatableText], between: str = ", ") -> str:
    return between.join(str(part) for part in parts)


def plain_day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _plain(value: Any) -> Any:
    return plain_day(value) if isinstance(value, date) else value

"""A refusal in the reader's language, with the states it names as pages call them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext

from portal.badges import StatusBadge
from portal.errors import DomainError

STATE_NAMES: dict[type[StrEnum], Mapping[Any, Any]] = {}


def name_states(names: Mapping[Any, Any]) -> None:
    """A feature's `labels.py` says what pages call each of its states: in words, or a badge with its word."""
    STATE_NAMES[type(next(iter(names)))] = names


def refusal_text(refusal: DomainError) -> str:
    return gettext(refusal.message) % {name: _shown(value) for name, value in refusal.params.items()}


def _shown(value: object) -> object:
    if not isinstance(value, StrEnum) or type(value) not in STATE_NAMES:
        return value
    name = STATE_NAMES[type(value)][value]
    return name.word if isinstance(name, StatusBadge) else name

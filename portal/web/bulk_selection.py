"""Rows picked in a table (`forms.pick`), as their ids."""

from collections.abc import Sequence
from uuid import UUID

MAX_SELECTED = 100


def selected_ids(given: Sequence[str]) -> list[UUID]:
    found = [_parse_id(text) for text in given[:MAX_SELECTED]]
    return [each for each in found if each is not None]


def _parse_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

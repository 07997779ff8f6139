"""Rows picked in a table (`forms.pick`), as their ids."""

from collections.abc import Sequence
from uuid import UUID

MOST = 100


def ids(given: Sequence[str]) -> list[UUID]:
    """What is no id is passed over."""
    found = [_id(text) for text in given[:MOST]]
    return [each for each in found if each is not None]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

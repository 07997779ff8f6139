"""Many ids as one value of a statement: sent as one text, which is several times quicker than a list of them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, cast, func, literal


def id_array(ids: Iterable[UUID | None]) -> ColumnElement[Any]:
    """None stays empty."""
    said = ",".join("" if one is None else str(one) for one in ids)
    return cast(func.string_to_array(literal(said), ",", "", type_=ARRAY(Text)), ARRAY(Uuid))


def is_one_of(ids: Iterable[UUID]) -> ColumnElement[Any]:
    """`Advocate.id == is_one_of(ids)`."""
    return any_(id_array(ids))

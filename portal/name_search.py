"""Rows that people look for by name: what is stored for it, and the conditions of a search.

A search finds any part of a name, through one function of the wall that takes the index over every three letters, or
the plain scan where the server has no such index (`portal/name_search_indexes.py`). The first letters of a name alone
are found by a plain comparison, which the ordinary index answers behind the wall as well.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Index,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    event,
    false,
    func,
    inspect,
    intersect,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column

from portal.search_text import folded, search_words, spellings_of
from tenants.database import tenant_of

FOUND_BY_NAME: list[type["FoundByName"]] = []  # filled by the models themselves
BATCH = 1000  # rows folded in one transaction
Searched: TypeAlias = Any  # a model that is FoundByName, and walled


class FoundByName:
    """`search_text`: the folded name; none where a statement wrote a name that only Python can fold: a job does it."""

    search_text: Mapped[str | None] = mapped_column(
        Text(collation="C")
    )  # begins and ends by bytes, everywhere

    @classmethod
    def name_columns(cls) -> Sequence[str]:
        """Whose values are folded, in this order: the one that lists are sorted by comes first."""
        raise NotImplementedError

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        FOUND_BY_NAME.append(cls)


def name_indexes(table: str) -> tuple[Index, Index]:
    """For the beginnings of names, and for the names that wait to be folded."""
    return (
        Index(f"ix_{table}_search_text", "tenant_id", "search_text", "id"),
        Index(f"ix_{table}_unfolded", "tenant_id", "id", postgresql_where="search_text IS NULL"),
    )


@event.listens_for(FoundByName, "before_insert", propagate=True)
@event.listens_for(FoundByName, "before_update", propagate=True)
def _fold(mapper: Mapper[Any], connection: object, row: FoundByName) -> None:
    """Whatever changes a name, its folded form is written with it."""
    found = search_text(
        getattr(row, name) or "" for name in row.name_columns()
    )  # none: what the column defaults to
    if found != row.search_text:
        row.search_text = found


def search_text(names: Iterable[str]) -> str:
    return "".join(map(folded, names))


def is_named(model: Searched, typed: str) -> ColumnElement[bool]:
    """Match rows in whose name every word typed stands somewhere; a word of one or two letters begins a word there.

    For people, a word may stand in the name of their company. Nothing typed matches every row.
    """
    if not typed.strip():
        return true()
    found = [_having_part(model, word) for word in search_words(typed)]
    return model.id == any_(_ids(found)) if found else false()


def begins_with(model: Searched, typed: str) -> ColumnElement[bool]:
    """Match rows whose name begins with the first word typed, in any spelling; further words begin words of it."""
    first, *others = search_words(typed) or [""]
    if not first:
        return false() if typed.strip() else true()
    begins = or_(*(_between(model.search_text, f" {spelling}") for spelling in spellings_of(first)))
    return and_(begins, *(model.search_text.contains(f" {word}") for word in others))


def _between(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    """From the start until the next text that does not begin so: plain comparisons, which an index answers."""
    return and_(column >= start, column < start[:-1] + chr(ord(start[-1]) + 1))


def _ids(found: Sequence[Select[Any]]) -> ColumnElement[list[UUID]]:
    """As an array, which is made once: joined with rows, the function may be called for each of them."""
    both: Any = intersect(*found) if len(found) > 1 else found[0]
    return func.array(both.scalar_subquery(), type_=ARRAY(Uuid()))


def _having_part(model: Searched, word: str) -> Select[Any]:
    return select(func.wall.find_names(literal(model.__tablename__), literal(word)))


def fold_names(session: Session, model: Searched, most: int = BATCH) -> int:
    """Fold names that were written by statements; return how many.

    The version of a row stays: whoever edits it meanwhile is not told of a change.
    """
    table = inspect(model).local_table
    names = [table.c[name] for name in model.name_columns()]
    waiting = select(table.c.id, *names).where(table.c.search_text.is_(None)).order_by(table.c.id).limit(most)
    rows = session.execute(waiting.with_for_update(skip_locked=True, key_share=True)).all()
    if rows:
        own = (table.c.tenant_id == tenant_of(session)) & (table.c.id == bindparam("row_id"))
        changes = update(table).where(own).values(search_text=bindparam("found"))
        session.connection().execute(
            changes, [{"row_id": row.id, "found": search_text(row[1:])} for row in rows]
        )
    return len(rows)

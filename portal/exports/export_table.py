"""What an export holds: a heading and a query, read by COPY as the app role, inside one workspace."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Dialect, Select, func, literal, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.declarations.lists import CellKind
from portal.web import csv_files

Filters = Mapping[str, str]
COPY = "COPY ({}) TO STDOUT (FORMAT csv, NULL '', ENCODING 'UTF8')"


@dataclass(frozen=True)
class ExportTable:
    """The select yields text columns, one for each word of the head, in the order of the file.

    `kinds`: what the columns hold, for a workbook; none: text.
    """

    head: Sequence[str]
    rows: Select[*tuple[Any, ...]]
    kinds: Sequence[CellKind] = ()


def is_longer_than(session: Session, table: ExportTable, most: int) -> bool:
    return _count(session, _row_probe(table).limit(most + 1)) > most


def count(session: Session, table: ExportTable) -> int:
    return _count(session, _row_probe(table))


def lines(session: Session, table: ExportTable) -> Iterator[bytes]:
    """Yield the file line by line, the heading first; memory stays at one line."""
    yield "".join(csv_files.csv_lines([table.head])).encode()
    dialect = session.get_bind().dialect
    statement, given = _bound_statement(table.rows, dialect)
    connection = session.connection().connection.driver_connection
    if connection is None:
        raise RuntimeError("the session has no connection")
    try:
        with connection.cursor() as cursor, cursor.copy(COPY.format(statement), given) as copy:
            for line in copy:
                yield bytes(line[:-1]) + b"\r\n"  # one message a row; other lines of ours end so, too
    except psycopg.Error as problem:
        raise _as_sqlalchemy_error(problem, connection, dialect) from problem


def _row_probe(table: ExportTable) -> Select[int]:
    return table.rows.with_only_columns(literal(1), maintain_column_froms=True).order_by(None)


def _count(session: Session, rows: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _bound_statement(rows: Select[*tuple[Any, ...]], dialect: Dialect) -> tuple[str, dict[str, Any]]:
    """The statement and its values as the driver takes them: COPY has no parameters, psycopg writes them in."""
    compiled: Any = rows.compile(dialect=dialect)
    whole = compiled.construct_expanded_state()
    processors = {name: _processor(bind.type, dialect) for name, bind in compiled.binds.items()}
    processors |= whole.processors
    values = {
        name: process(value) if (process := processors.get(name)) else value
        for name, value in whole.parameters.items()
    }
    return whole.statement, values


def _as_sqlalchemy_error(problem: Any, connection: Any, dialect: Dialect) -> BaseException:
    """As SQLAlchemy raises it where it runs the statement itself: pages and workers know those."""
    gone = dialect.is_disconnect(problem, connection, None)
    wrapped: BaseException = DBAPIError.instance(
        None, None, problem, psycopg.Error, connection_invalidated=gone, dialect=dialect
    )
    return wrapped


def _processor(kind: Any, dialect: Dialect) -> Any:
    return kind.dialect_impl(dialect).bind_processor(dialect)

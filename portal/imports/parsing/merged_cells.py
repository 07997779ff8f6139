"""A merged cell stands for all the rows it covers: one company beside its people."""

from collections.abc import Iterable, Iterator, Sequence

Range = tuple[tuple[int, int], tuple[int, int]]  # first and last row and column, from 0


def fill_down(rows: Iterable[list[str]], merged: Sequence[Range]) -> Iterator[list[str]]:
    """Fill merged cells downward only: a title over several columns is not their value."""
    tall = {first: last[0] for first, last in merged if last[0] > first[0] and first[1] == last[1]}
    below: dict[int, tuple[int, str]] = {}  # column -> last row, value
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if (number, column) in tall:
                below[column] = tall[number, column], cell
        yield [_value(cell, number, below.get(column)) for column, cell in enumerate(row)] if below else row


def _value(cell: str, number: int, above: tuple[int, str] | None) -> str:
    return above[1] if above and not cell and number <= above[0] else cell

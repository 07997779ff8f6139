"""What chose the rows of a bulk act: the tab, the filters, a search, or somebody who picked them one by one."""

from collections.abc import Iterator

from portal.declarations.attributes import Origin
from portal.declarations.lists import ListFilter, ListReader
from portal.declarations.origins import NOBODY_KNOWS, joined
from portal.lists.list_choice import ListChoice


def origin_of(choice: ListChoice, reader: ListReader, *, is_picked: bool) -> Origin:
    return joined([*_parts(choice, reader), *([NOBODY_KNOWS] if is_picked else [])])


def _parts(choice: ListChoice, reader: ListReader) -> Iterator[Origin]:
    """A search finds whom somebody has in mind."""
    if choice.tab is not None:
        yield choice.tab.origin
    for each in choice.chosen_filters:
        yield _of_filter(each, reader, choice.filters[each.name])
    if choice.text:
        yield NOBODY_KNOWS


def _of_filter(each: ListFilter, reader: ListReader, value: str) -> Origin:
    return each.origin(reader, value) if each.origin else NOBODY_KNOWS

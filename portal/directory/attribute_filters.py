"""Filters of people and companies that go by an attribute, exactly as the conditions of a segment do."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

from portal.accounts import attributes as account_attributes
from portal.advocates import attributes as advocate_attributes
from portal.declarations.attributes import Origin
from portal.declarations.lists import ListFilter, ListReader
from portal.declarations.origins import by
from portal.declarations.typed_filters import typed_filter

KNOWN = {one.name: one for one in (*advocate_attributes.ATTRIBUTES, *account_attributes.ATTRIBUTES)}


def attribute_filter(argument: str, name: str) -> ListFilter:
    found = KNOWN[name]
    return typed_filter(argument, _l(found.label), found.type, found.predicate, chosen_by(name))


def chosen_by(attribute: str) -> Callable[[ListReader, str], Origin]:
    """What a tag or a list inherits that is filled from the filter."""
    return lambda _reader, _value: by(attribute)

"""What a tag or a list inherits from whatever chose its people (portal/declarations/attributes.py: Origin)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from portal.declarations.attributes import Attribute, Origin

NOBODY_KNOWS = Origin(is_known=False)  # somebody picked them, or wrote what finds them


def by(*attributes: str) -> Origin:
    return Origin(frozenset(attributes))


def inherited_from(attribute: Attribute, values: Collection[Any]) -> Origin:
    """An attribute with origins of its own is what filled it; any other is itself."""
    return inherited(attribute.sources_of(values)) if attribute.has_origins else by(attribute.name)


def inherited(sources: Mapping[str, Origin]) -> Origin:
    """A statement is no property of the people: its source is named, and asked again whenever they are used."""
    relied_on = {name for name, each in sources.items() if each.is_stated and not each.is_known}
    whole = joined(sources.values())
    return replace(whole, attributes=whole.attributes | relied_on)


def joined(origins: Iterable[Origin]) -> Origin:
    every = list(origins)
    return Origin(
        attributes=frozenset(name for each in every for name in each.attributes),
        is_known=all(each.is_known or each.is_stated for each in every),
    )


def to_json(origin: Origin) -> dict[str, Any]:
    return {"attributes": sorted(origin.attributes), "is_known": origin.is_known}


def of_json(stored: Mapping[str, Any]) -> Origin:
    """Nothing stored: nobody knows."""
    return Origin(frozenset(stored.get("attributes", ())), is_known=bool(stored.get("is_known")))

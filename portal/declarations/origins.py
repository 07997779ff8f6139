"""What a tag or a list inherits from whatever chose its people (portal/declarations/attributes.py: Origin)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from portal.declarations.attributes import ATTRIBUTES, Attribute, Origin

NOBODY_KNOWS = Origin(is_known=False)  # somebody picked them, or wrote what finds them


def by(*attributes: str) -> Origin:
    return Origin(frozenset(attributes))


def inherited_from(attribute: Attribute, values: Collection[Any]) -> Origin:
    """An attribute with origins of its own is what filled it; any other is itself."""
    return inherited(attribute.sources_of(values)) if attribute.has_origins else by(attribute.name)


def inherited(sources: Mapping[str, Origin]) -> Origin:
    """A statement is no property of the people: its source is named, and asked again whenever they are used."""
    return joined(_of_source(name, each) for name, each in sources.items())


def _of_source(name: str, origin: Origin) -> Origin:
    """What no statement lifts is inherited for good, whatever becomes of the source."""
    return by(name, *filter(_is_for_good, origin.attributes)) if origin.is_stated else origin


def _is_for_good(name: str) -> bool:
    attribute = ATTRIBUTES.find(name)
    return attribute is not None and not attribute.needs_statement


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

"""Whether an audience may be asked for reviews: only when nothing that decides who is in can come from satisfaction.

What a filter chose by follows the people it chose: a list or a tag that a filter on health has filled is as good as
the filter. Where nobody knows what filled one, it is out until an admin states in writing that it isn't satisfaction.
"""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from portal.declarations.attributes import Attribute, Origin, attributes_of
from portal.declarations.origins import NOBODY_KNOWS, inherited, inherited_from, joined
from portal.errors import DomainError
from portal.segments.audience import Audience, resolve_audience
from portal.segments.models import ON_LIST
from portal.segments.resolution import ReadCondition, ResolvedConditions


@dataclass(frozen=True)
class ReviewObjections:
    """Why not: names of attributes, also of those that filled a list or a tag, and what is of unknown origin."""

    attributes: frozenset[str] = frozenset()
    is_unknown: bool = False  # people on a list or with a tag or a value, and nobody knows why
    conditions: tuple[ReadCondition, ...] = ()  # those that bring it in, as far as conditions do

    def __bool__(self) -> bool:
        return bool(self.attributes) or self.is_unknown


def review_objections(session: Session, resolved: ResolvedConditions) -> ReviewObjections:
    guilty = tuple(
        one for one in resolved.used if _judged(session, inherited_from(one.attribute, one.condition.values))
    )
    return replace(_judged(session, origin_of(resolved)), conditions=guilty)


def origin_of(resolved: ResolvedConditions) -> Origin:
    """What a list inherits that is filled from these conditions."""
    lists = [each.segment for each in resolved.chain if each.segment and each.segment.is_list]
    of_lists = [inherited({f"{ON_LIST}:{each.id}": each.origin}) for each in lists]
    return joined(
        [*(inherited_from(one.attribute, one.condition.values) for one in resolved.used), *of_lists]
    )


class NotForReviews(DomainError):
    """Who is among these people depends on satisfaction, or may."""


def check_for_reviews(session: Session, audience: Audience) -> None:
    """Raise where an audience may not be asked for reviews; people picked one by one never may."""
    check_origin(session, origin_of_audience(session, audience))


def origin_of_audience(session: Session, audience: Audience) -> Origin:
    picked = [] if audience.people is None else [NOBODY_KNOWS]
    return joined([*(origin_of(part) for part in resolve_audience(session, audience).parts), *picked])


def check_origin(session: Session, origin: Origin) -> None:
    """Of an audience that is made in another way: the program says what decides who is in it."""
    if _judged(session, origin):
        raise NotForReviews(
            "These people can’t be asked for reviews: who is among them depends on satisfaction."
        )


def forbidden_attributes(session: Session, names: frozenset[str]) -> list[Attribute]:
    """Those that exist, to be named."""
    return [one for name, one in attributes_of(session).items() if name in names]


def _judged(session: Session, origin: Origin, above: frozenset[str] = frozenset()) -> ReviewObjections:
    """`above`: sources that are being judged already, where lists were filled from each other."""
    found = _together([_judged_source(session, name, above) for name in origin.attributes - above])
    is_unknown = found.is_unknown or not origin.is_known
    return ReviewObjections(found.attributes, is_unknown and not origin.is_stated)


def _together(found: list[ReviewObjections]) -> ReviewObjections:
    attributes = frozenset(name for each in found for name in each.attributes)
    return ReviewObjections(attributes, any(each.is_unknown for each in found))


def _judged_source(session: Session, name: str, above: frozenset[str]) -> ReviewObjections:
    """An attribute that is gone may have been anything; of a tag or a list that is gone nobody knows."""
    plain, _, value = name.partition(":")
    attribute = attributes_of(session).get(plain)
    if attribute is not None and attribute.has_origins:
        sources = attribute.sources_of([value] if value else []).values()
        return _together([_judged(session, each, above | {name}) for each in sources])
    if (attribute is None and value) or (attribute is not None and attribute.needs_statement):
        return ReviewObjections(is_unknown=True)
    is_allowed = attribute is not None and attribute.allowed_for_reviews
    return ReviewObjections(frozenset() if is_allowed else frozenset({name}))

"""Whether an audience may be asked for reviews: only when nothing that decides who is in can come from satisfaction.

What a filter chose by follows the people it chose: a list or a tag that a filter on health has filled is as good as
the filter. Where nobody knows what filled one, it is out until an admin states in writing that it isn't satisfaction.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.declarations.attributes import Attribute, Origin, attributes_of
from portal.errors import DomainError
from portal.segments.audience import Audience, resolve_audience
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
    origin = origin_of(resolved)
    guilty = tuple(one for one in resolved.used if _objects(session, _origin_of_condition(one)))
    return ReviewObjections(_forbidden(session, origin), not origin.is_known, guilty)


def origin_of(resolved: ResolvedConditions) -> Origin:
    """What a list inherits that is filled from these conditions."""
    of_conditions = [_origin_of_condition(one) for one in resolved.used]
    of_lists = [each.segment.origin for each in resolved.chain if each.segment and each.segment.is_list]
    return joined_origin([*of_conditions, *of_lists])


def joined_origin(origins: list[Origin]) -> Origin:
    """What was stated stays with the list it was stated of: here its people are of known origin."""
    return Origin(
        attributes=frozenset(name for each in origins for name in each.attributes),
        is_known=all(each.is_known or each.is_stated for each in origins),
    )


def check_for_reviews(session: Session, audience: Audience) -> None:
    """Raise where an audience may not be asked for reviews; people picked one by one never may."""
    resolved = resolve_audience(session, audience)
    if audience.people is not None or any(review_objections(session, part) for part in resolved.parts):
        raise DomainError(
            "These people can’t be asked for reviews: who is among them depends on satisfaction."
        )


def forbidden_attributes(session: Session, names: frozenset[str]) -> list[Attribute]:
    """Those that exist, to be named."""
    return [one for name, one in attributes_of(session).items() if name in names]


def _origin_of_condition(one: ReadCondition) -> Origin:
    """An attribute with origins of its own is what filled it; any other is itself."""
    if not one.attribute.has_origins:
        return Origin(attributes=frozenset({one.attribute.name}))
    return joined_origin(one.attribute.origins_of(one.condition.values))


def _objects(session: Session, origin: Origin) -> bool:
    return bool(_forbidden(session, origin)) or not (origin.is_known or origin.is_stated)


def _forbidden(session: Session, origin: Origin) -> frozenset[str]:
    """An attribute that is gone may have been anything."""
    known = attributes_of(session)
    allowed = {name for name in origin.attributes if name in known and known[name].allowed_for_reviews}
    return origin.attributes - allowed

"""What segments and filters can say about a person (portal/declarations/attributes.py)."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from portal.advocates.ask_kinds import AskKind, kinds_in_use, willing_kinds
from portal.advocates.availability_models import AdvocateAvailability
from portal.advocates.filters import matches_text
from portal.advocates.labels import (
    PERSONA,
    PROVENANCE,
    PURPOSES,
    SENIORITY,
    SHORT_KIND_NAMES,
    STATES,
    language_name,
)
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations import attribute_predicates as by
from portal.declarations.attributes import (
    Attribute,
    AttributeSubject,
    AttributeType,
    Comparison,
    Operator,
    SegmentKind,
)
from portal.i18n import mark

OF_PERSON: dict[str, Any] = {"subject": AttributeSubject.PERSON}
FIRMOGRAPHIC: dict[str, Any] = OF_PERSON | {"kind": SegmentKind.FIRMOGRAPHIC, "allowed_for_reviews": True}
BEHAVIOR: dict[str, Any] = OF_PERSON | {"kind": SegmentKind.BEHAVIOR}
# who joins, and what people say when they do, may come from how happy they are
SAID_BY_PEOPLE: dict[str, Any] = BEHAVIOR | {"needs_statement": True}
NEEDS: dict[str, Any] = OF_PERSON | {"kind": SegmentKind.NEEDS, "needs_statement": True}
TEXT: dict[str, Any] = {"type": AttributeType.TEXT}
LIST: dict[str, Any] = {"type": AttributeType.LIST}
NOBODYS_STATE = {AdvocateState.ERASED}
LOWEST_FIRST = tuple(reversed(SENIORITY))


def is_free_for(one: Comparison) -> ColumnElement[bool]:
    """As far as their own windows and rests go, for any of these kinds."""
    return or_(*(_is_free(AskKind(kind), one.today) for kind in one.values))


def _is_free(kind: AskKind, today: date) -> ColumnElement[bool]:
    if kind is AskKind.CALL:
        return Advocate.available_from.is_(None) | (Advocate.available_from <= today)
    busy = select(AdvocateAvailability.advocate_id).where(
        AdvocateAvailability.kind == kind, AdvocateAvailability.available_from > today
    )
    return Advocate.id.not_in(busy)


def is_called(one: Comparison) -> ColumnElement[bool]:
    """As the search of the list of people finds them: by their name, their company's, or their address."""
    return or_(*(matches_text(value) for value in one.values))


ATTRIBUTES = (
    Attribute(
        name="person.name",
        label=mark("Name or company"),
        predicate=is_called,
        operators=(Operator.CONTAINS,),
        kind=SegmentKind.FIRMOGRAPHIC,
        **OF_PERSON,
        **TEXT,
    ),
    Attribute(
        name="person.title",
        label=mark("Job title"),
        predicate=by.of_text(Advocate.title),
        operators=(Operator.CONTAINS, Operator.KNOWN, Operator.UNKNOWN),
        **FIRMOGRAPHIC,
        **TEXT,
    ),
    Attribute(
        name="person.seniority",
        label=mark("Seniority"),
        type=AttributeType.RANK,
        predicate=by.of_rank(Advocate.seniority, LOWEST_FIRST),
        values={name: SENIORITY[name] for name in LOWEST_FIRST},
        **FIRMOGRAPHIC,
    ),
    Attribute(
        name="person.persona",
        label=mark("Department"),
        predicate=by.of_text(Advocate.persona),
        values=PERSONA,
        **FIRMOGRAPHIC,
        **TEXT,
    ),
    Attribute(
        name="person.languages",
        label=mark("Speaks"),
        predicate=by.of_list(Advocate.languages),
        options=func.unnest(Advocate.languages),
        words_of=language_name,
        **FIRMOGRAPHIC,
        **LIST,
    ),
    Attribute(
        name="person.products",
        label=mark("Uses"),
        predicate=by.of_list(Advocate.products),
        options=func.unnest(Advocate.products),
        **NEEDS,
        **LIST,
    ),
    Attribute(
        name="person.use_cases",
        label=mark("Topics"),
        predicate=by.of_list(Advocate.use_cases),
        options=func.unnest(Advocate.use_cases),
        **NEEDS,
        **LIST,
    ),
    Attribute(  # managers invite and pause whom they choose, and who is unhappy leaves
        name="person.state",
        label=mark("State in the program"),
        predicate=by.of_text(Advocate.state),
        values={state: badge.word for state, badge in STATES.items() if state not in NOBODYS_STATE},
        operators=(Operator.ANY_OF, Operator.NONE_OF),
        **BEHAVIOR,
        **TEXT,
    ),
    Attribute(
        name="person.consents",
        label=mark("Agreed to"),
        predicate=by.of_list(Advocate.consents),
        values=PURPOSES,
        **SAID_BY_PEOPLE,
        **LIST,
    ),
    Attribute(
        name="person.enrolled_at",
        label=mark("Joined"),
        type=AttributeType.MOMENT,
        predicate=by.of_moment(Advocate.enrolled_at),
        **SAID_BY_PEOPLE,
    ),
    Attribute(  # whom managers invite, they choose
        name="person.invited_at",
        label=mark("Invited"),
        type=AttributeType.MOMENT,
        predicate=by.of_moment(Advocate.invited_at),
        **BEHAVIOR,
    ),
    Attribute(  # most kinds of ask wait while a company is unhappy
        name="person.last_ask_at",
        label=mark("Last asked"),
        type=AttributeType.MOMENT,
        predicate=by.of_moment(Advocate.last_ask_at),
        **BEHAVIOR,
    ),
    Attribute(  # most kinds of ask wait while a company is unhappy
        name="person.last_act_at",
        label=mark("Last helped"),
        type=AttributeType.MOMENT,
        predicate=by.of_moment(Advocate.last_act_at),
        **BEHAVIOR,
    ),
    Attribute(  # whom a colleague nominated was chosen because they are happy
        name="person.provenance",
        label=mark("Source"),
        predicate=by.of_text(Advocate.provenance),
        values=PROVENANCE,
        operators=(Operator.ANY_OF, Operator.NONE_OF),
        **BEHAVIOR,
        **TEXT,
    ),
    Attribute(
        name="person.nps",
        label=mark("NPS score"),
        type=AttributeType.NUMBER,
        predicate=by.of_number(Advocate.nps),
        **BEHAVIOR,
    ),
)


def of_kinds_in_use() -> tuple[Attribute, ...]:
    """Those that go by the kinds of ask that some program asks for: built when all programs are listed."""
    return (
        Attribute(
            name="person.accepted_ask_kinds",
            label=mark("Willing to help with"),
            predicate=by.of_list(Advocate.accepted_ask_kinds),
            values={kind: SHORT_KIND_NAMES[kind] for kind in willing_kinds()},
            **SAID_BY_PEOPLE,
            **LIST,
        ),
        Attribute(  # busy is who was asked, and most kinds wait while a company is unhappy
            name="person.free_for",
            label=mark("Free now for"),
            predicate=is_free_for,
            values={kind: SHORT_KIND_NAMES[kind] for kind in kinds_in_use()},
            operators=(Operator.ANY_OF, Operator.NONE_OF),
            **BEHAVIOR,
            **LIST,
        ),
    )

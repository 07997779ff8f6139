"""When somebody last helped with each kind of favor, as attributes of people."""

from functools import partial

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from portal.advocates.ask_kinds import AskKind, kinds_in_use
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState
from portal.declarations import attribute_predicates as by
from portal.declarations.attributes import (
    Attribute,
    AttributeSubject,
    AttributeType,
    Comparison,
    SegmentKind,
)

was_completed = by.of_moment(Ask.completed_at)


def has_helped(kind: AskKind, one: Comparison) -> ColumnElement[bool]:
    done = (Ask.kind == kind, Ask.state == AskState.COMPLETED)
    return Advocate.id.in_(select(Ask.advocate_id).where(*done, was_completed(one)))


def of_kinds_in_use() -> tuple[Attribute, ...]:
    """When somebody last helped with each kind of ask that some program asks for."""
    return tuple(
        Attribute(
            name=f"asks.helped_with_{kind}",
            subject=AttributeSubject.PERSON,
            label=_l("Helped: %(kind)s", kind=_l(kind.row.short_name)),
            type=AttributeType.MOMENT,
            kind=SegmentKind.BEHAVIOR,
            predicate=partial(has_helped, kind),
            allowed_for_reviews=not kind.row.pauses_with_account,  # nobody unhappy is asked for the others
        )
        for kind in kinds_in_use()
        if kind.row.is_act
    )

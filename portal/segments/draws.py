"""Draws: who of an audience, in which order, decided by a seed, written down once and never again.

The order is sha256(seed ‖ person), so that anybody can draw again and find the same people.
"""

from collections.abc import Callable
from secrets import token_hex
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    Select,
    Subquery,
    Text,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    select,
)
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.errors import NotFound
from portal.segments.audience import Audience, fingerprint_of, resolve_audience
from portal.segments.models import SegmentDraw, SegmentDrawPerson
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import Membership

NOT_DRAWN = "not_drawn"  # there was room for fewer people
P = SegmentDrawPerson
Judge = Callable[[ColumnElement[bool]], Subquery]  # who fits -> id, and the first reason why not, else null


def nobody_left_out(fits: ColumnElement[bool]) -> Subquery:
    return select(Advocate.id, cast(null(), Text).label("reason")).where(fits).subquery("judged")


def draw(
    session: Session,
    audience: Audience,
    *,
    size: int | None = None,
    seed: str | None = None,
    judge: Judge = nobody_left_out,
    by: Membership | None = None,
) -> SegmentDraw:
    """Freeze who is drawn. `judge` is asked once, about all who fit. Who has a reason takes no place of the size."""
    resolved = resolve_audience(session, audience)
    drawn = SegmentDraw(
        segment_id=audience.segment_id,
        audience=audience.to_json(),
        fingerprint=resolved.fingerprint,
        seed=seed or token_hex(16),
        size=size,
        by_id=by.id if by else None,
    )
    session.add(drawn)
    session.flush()
    _write_people(session, drawn, judge(resolved.where(session)))
    return drawn


def get(session: Session, draw_id: UUID) -> SegmentDraw:
    found = session.scalar(select(SegmentDraw).where(SegmentDraw.id == draw_id))
    if found is None:
        raise NotFound("There is no such draw.")
    return found


def drawn_people(drawn: SegmentDraw) -> Select[UUID]:
    """Their ids, in the order of the draw."""
    return select(P.advocate_id).where(P.draw_id == drawn.id, P.place.is_not(None)).order_by(P.place)


def left_out_counts(session: Session, drawn: SegmentDraw) -> dict[str, int]:
    rows = select(P.left_out, func.count()).where(P.draw_id == drawn.id, P.left_out != "")
    return dict(session.execute(rows.group_by(P.left_out)).all())


def has_changed_since(session: Session, drawn: SegmentDraw) -> bool:
    """Whether the audience says something else by now; the draw stays as it is."""
    return fingerprint_of(session, Audience.of(drawn.audience)) != drawn.fingerprint


def _write_people(session: Session, drawn: SegmentDraw, judged: Subquery) -> None:
    reason = func.coalesce(judged.c.reason, "")
    ordered = select(judged.c.id, reason.label("reason"), _place(judged.c.id, reason, drawn.seed))
    placed = ordered.subquery("placed")
    is_drawn = placed.c.reason == ""
    if drawn.size is not None:
        is_drawn = is_drawn & (placed.c.place <= drawn.size)
    why_not = case((placed.c.reason != "", placed.c.reason), else_=literal(NOT_DRAWN))
    rows = select(
        literal(tenant_of(session)),
        func.gen_random_uuid(),
        literal(utc_now()),
        literal(drawn.id),
        placed.c.id,
        case((is_drawn, placed.c.place), else_=null()).cast(Integer),
        case((is_drawn, ""), else_=why_not),
    )
    columns = [P.tenant_id, P.id, P.created_at, P.draw_id, P.advocate_id, P.place, P.left_out]
    session.execute(insert(P).from_select([column.key for column in columns], rows))
    counts = select(func.count(), func.count(P.place)).where(P.draw_id == drawn.id)
    drawn.matched, drawn.drawn = session.execute(counts).one()
    session.flush()


def _place(person: ColumnElement[UUID], reason: ColumnElement[str], seed: str) -> ColumnElement[int]:
    """Among those without a reason, and among those with one."""
    written = func.convert_to(literal(seed) + cast(person, Text), "UTF8").cast(LargeBinary)
    order = (func.sha256(written), person)
    return func.row_number().over(partition_by=reason == "", order_by=order).label("place")

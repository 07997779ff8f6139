"""Reading tags: all of them with how many have them, those of some accounts or people, and who has one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.accounts.models import Account
from portal.accounts.name_normalization import normal_name
from portal.advocates.models import Advocate
from portal.errors import NotFound
from portal.tags.models import AccountTag, AdvocateTag, Tag

Tagged = type[AccountTag] | type[AdvocateTag]


class TagUse(NamedTuple):
    """A tag, and how many accounts and people have it."""

    tag: Tag
    accounts: int
    people: int


def get(session: Session, tag_id: UUID) -> Tag:
    tag = session.scalar(select(Tag).where(Tag.id == tag_id))
    if tag is None:
        raise NotFound("We couldn’t find this tag.")
    return tag


def tag_uses(session: Session) -> list[TagUse]:
    """Return all tags in the order of their names, retired ones last."""
    counted = [
        select(func.count()).where(table.tag_id == Tag.id).scalar_subquery()
        for table in (AccountTag, AdvocateTag)
    ]
    ordered = select(Tag, *counted).order_by(Tag.retired_at.is_not(None), Tag.name_norm)
    return [TagUse(*row) for row in session.execute(ordered)]


def offered_tags(session: Session) -> Sequence[Tag]:
    """Return the tags that may be put on somebody."""
    return session.scalars(select(Tag).where(Tag.retired_at.is_(None)).order_by(Tag.name_norm)).all()


def tags_of(session: Session, subject: Account | Advocate) -> Sequence[Tag]:
    """Return the tags of one account or person; retired ones among them."""
    table = tagged_by(subject)
    own = select(Tag).join(table, table.tag_id == Tag.id).where(subject_column(table) == subject.id)
    return session.scalars(own.order_by(Tag.name_norm)).all()


def tags_of_people(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    named = select(AdvocateTag.advocate_id, Tag.name).join(Tag, Tag.id == AdvocateTag.tag_id)
    found: dict[UUID, list[str]] = defaultdict(list)
    for advocate_id, name in session.execute(
        named.where(AdvocateTag.advocate_id.in_(ids)).order_by(Tag.name_norm)
    ):
        found[advocate_id].append(name)
    return found


def tags_named(session: Session, names: Collection[str]) -> list[Tag]:
    """Return those that there are, however they are spelled."""
    norms = {normal_name(name) for name in names}
    return list(session.scalars(select(Tag).where(Tag.name_norm.in_(norms)).order_by(Tag.name_norm)))


def tagged_by(subject: Account | Advocate) -> Tagged:
    """Return the table that says which tags such a row has."""
    return AccountTag if isinstance(subject, Account) else AdvocateTag


def subject_column(table: Tagged) -> InstrumentedAttribute[UUID]:
    return table.account_id if issubclass(table, AccountTag) else table.advocate_id


def account_has_tag(tag_id: UUID) -> ColumnElement[bool]:
    """Of the accounts of a query."""
    return exists().where(AccountTag.account_id == Account.id, AccountTag.tag_id == tag_id)


def person_has_tag(tag_id: UUID) -> ColumnElement[bool]:
    """Of the people of a query."""
    return exists().where(AdvocateTag.advocate_id == Advocate.id, AdvocateTag.tag_id == tag_id)

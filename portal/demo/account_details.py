"""What the demo's team notes beside its CRM: tags for accounts and people, and a field of its own for each."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState
from portal.custom_fields import actions as fields
from portal.custom_fields.models import CustomFieldType, FieldSubject
from portal.custom_fields.queries import field_named
from portal.demo.people import ADMIN, MANAGER, member
from portal.demo.simulation import Simulation
from portal.tags import actions as tags
from portal.tags.models import AccountTag, AdvocateTag
from portal.tags.queries import tags_named
from portal.tags.tagging_actions import tag_many

TIER, SIZE = "Tier", "T-shirt size"
TIERS, SIZES = ("Strategic", "Enterprise", "Growth"), ("S", "M", "L", "XL")
LARGEST, SIZED = 90, 25  # how many accounts have a tier, and how many people said a size
TIER_STATEMENT = (
    "Finance sets the tier from the contract value when a contract is signed. Health, NPS, ratings and survey answers "
    "play no part in it."
)
STAGE_STATEMENT = "The events team puts this on people who have spoken at a conference before we knew them."
ACCOUNT_TAGS = {"Early adopter": 24, "Multi-year": 40, "Migrated from Oraclia": 15}
PEOPLE_TAGS = {"Speaks on stage": 12, "Design partner": 9, "Customer council": 7}


def plan(story: Simulation, began: datetime) -> None:
    story.at(began + timedelta(days=1, hours=3), add_fields)
    story.at(began + timedelta(days=3, hours=4), set_tiers)
    story.at(began + timedelta(days=3, hours=5), partial(tag_accounts, story))
    for day in (40, 100, 150):
        story.at(began + timedelta(days=day, hours=6), partial(tag_people, story))
    story.at(began + timedelta(days=152, hours=6), partial(note_sizes, story))


def add_fields(session: Session) -> None:
    by = member(session, ADMIN)
    tier = fields.create(session, FieldSubject.ACCOUNT, TIER, CustomFieldType.CHOICE, TIERS, by=by)
    fields.create(session, FieldSubject.PERSON, SIZE, CustomFieldType.CHOICE, SIZES, by=by)
    fields.state_origin(session, tier, TIER_STATEMENT, by=by, seen_version=str(tier.version))
    for name in (*ACCOUNT_TAGS, *PEOPLE_TAGS):
        tag = tags.create(session, name, by=by)
        if name == "Speaks on stage":
            tags.state_origin(session, tag, STAGE_STATEMENT, by=by, seen_version=str(tag.version))


def set_tiers(session: Session) -> None:
    by, tier = member(session, MANAGER), field_named(session, FieldSubject.ACCOUNT, TIER)
    if tier is None:
        return
    largest = (
        select(Account).where(Account.arr_cents.is_not(None)).order_by(Account.arr_cents.desc(), Account.id)
    )
    accounts = session.scalars(largest.limit(LARGEST)).all()
    for place, account in enumerate(accounts):
        name = TIERS[min(place * len(TIERS) // LARGEST, len(TIERS) - 1)]
        fields.change_values(session, account, {tier.id: name}, by=by)


def tag_accounts(story: Simulation, session: Session) -> None:
    ids = session.scalars(select(Account.id).order_by(Account.id)).all()
    for name, many in ACCOUNT_TAGS.items():
        for tag in tags_named(session, [name]):
            chosen = story.random.sample(ids, min(many, len(ids)))
            tag_many(session, tag, AccountTag, chosen, by=member(session, MANAGER))


def tag_people(story: Simulation, session: Session) -> None:
    """Of those who have joined by then."""
    joined = select(Advocate.id).where(Advocate.state == AdvocateState.ENROLLED).order_by(Advocate.id)
    ids = session.scalars(joined).all()
    for name, many in PEOPLE_TAGS.items():
        for tag in tags_named(session, [name]):
            chosen = story.random.sample(ids, min(many // 3, len(ids)))
            tag_many(session, tag, AdvocateTag, chosen, by=member(session, MANAGER))


def note_sizes(story: Simulation, session: Session) -> None:
    by, size = member(session, MANAGER), field_named(session, FieldSubject.PERSON, SIZE)
    if size is None:
        return
    joined = select(Advocate).where(Advocate.state == AdvocateState.ENROLLED).order_by(Advocate.id)
    people = session.scalars(joined.limit(SIZED)).all()
    for person in people:
        fields.change_values(session, person, {size.id: story.random.choice(SIZES)}, by=by)

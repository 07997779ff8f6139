"""A workspace in which every page of every role has something to show, and everybody a way in."""

from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID

from PIL import Image
from sqlalchemy import select, update

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.events.manage.pictures import set_picture
from portal.events.models import Event
from portal.exports.models import Export, ExportFailure, ExportKind, ExportState
from portal.lists.models import BulkAction, BulkActionRow
from portal.outreach.sequences import models as sequences
from portal.segments import actions as segments
from portal.segments.models import SegmentSharing
from portal.web.dispatch import Portal
from portal.workspace import brand_actions
from tenants.clock import utc_now
from tenants.database import system_session
from tenants.models import MailboxEmail, Membership, Role, Tenant
from tests.client import Client, new_client
from tests.imports.files import Importer, odd_file
from tests.rules import site_crawler
from tests.rules.filled_workspace import Rows, fill
from tests.world import World


@dataclass(frozen=True)
class FilledSite:
    world: World
    rows: Rows
    own: dict[str, Rows] = field(default_factory=dict)  # endpoint -> rows in a state that only its page shows

    own_of: dict[Role, Rows] = field(default_factory=dict)  # rows that only whoever made them may open

    def address(self, stop: site_crawler.Stop, role: Role | None) -> str:
        own = self.own_of.get(role, {}) if role else {}
        rows = self.rows | self.own.get(stop.rule.endpoint, {}) | own
        tables = site_crawler.TABLE_OF | {"email_id": rows["email_of"]}
        ids = {name: rows[tables[name]] for name in stop.ids}
        return stop.address(self.world.slug, ids, site_crawler.token(stop, self.world.tenant_id, rows))

    def visitor(self, role: Role | None) -> Client:
        """Whoever has most to see: the customer who was asked, the rep whose deal it is, the account's owner,
        the manager whose export it is."""
        if role is None:
            return self._stranger()
        if role in self.rows:
            return self.world.signed_in(as_member=self._member(self.rows[role]))
        return self.world.signed_in(role)

    def _member(self, id_: str) -> Membership:
        with self.world.session() as session:
            return session.get_one(Membership, (self.world.tenant_id, UUID(id_)))

    def _stranger(self) -> Client:
        """Somebody who has just asked for an email to sign in with."""
        client = new_client(self.world.app, self.world.slug)
        client.post("/sign-in", {"email": "somebody@elsewhere.example"}, outside=True)
        return client


def build(app: Portal) -> FilledSite:
    world = World.build(app, "Acme")
    rows = fill(world, world.slug) | {"email_of": "emails"}
    importer = Importer(world)
    uploaded = importer.check(importer.upload(odd_file()))
    waiting = {"imports": str(uploaded.id)}
    posted = {"email_of": "mailbox", "mailbox": _email()}
    invited = {"memberships": _invited(world)}
    people = {"advocate": _joined(world, rows), "owner": _owner(world, rows), "rep": rows["memberships"]}
    people["admin"], made = _admin(world, rows)
    return FilledSite(
        world,
        rows | people,
        {
            "brand.logo": {"stored_files": _logo(world)},
            "events.picture": {"stored_files": _event_picture(world, rows)},
            "imports.columns": waiting,
            "imports.check": waiting,
            "mailbox.show": posted,
            "mailbox.html": posted,
            "mailbox.calendar": posted,
            "invitations.show": invited,
            "people_lists.pick": {"segments": _shared_list(world)},
            "sequence_plans.edit": {"sequences": _sequence(world, sequences.OWN)},
            "sequence_plans.delays": {"sequences": _sequence(world, "meetings")},
        },
        {Role.ADMIN: made},
    )


def _sequence(world: World, program: str) -> str:
    """A draft of the manager's own, or one that every workspace has."""
    its = select(sequences.EmailSequence.id).where(sequences.EmailSequence.program == program)
    with world.session() as session:
        if program == sequences.OWN:
            session.add(draft := sequences.EmailSequence(program=program, name="Draft", purpose="news"))
            session.flush()
            return str(draft.id)
        return str(session.scalars(its).one())


def _logo(world: World) -> str:
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    with world.session() as session:
        brand_actions.set_logo(session, picture, by=world.member(Role.ADMIN))
        return str(session.get_one(Tenant, world.tenant_id).logo_id)


def _event_picture(world: World, rows: Rows) -> str:
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    with world.session() as session:
        event = session.get_one(Event, (world.tenant_id, UUID(rows["events"])))
        set_picture(session, event, picture)
        return str(event.picture_id)


def _shared_list(world: World) -> str:
    manager = world.member(Role.MANAGER)
    with world.session() as session:
        made = segments.create_list(session, "Speakers", by=manager)
        return str(segments.share_segment(session, made.id, SegmentSharing.MANAGERS, by=manager).id)


def _email() -> str:
    email = MailboxEmail(
        sender="Acme <acme@goodword.example>",
        recipient="ada@wabtec.example",
        recipient_norm="ada@wabtec.example",
        subject="Could you talk to Initech?",
        text="Hello Ada,\n\nOpen http://127.0.0.1/a/somewhere to answer.",
        html="<!doctype html><html lang='en'><head><title>Could you?</title></head>"
        "<body><main><h1>Could you talk to Initech?</h1><p>Hello Ada</p></main></body></html>",
        calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    )
    with system_session() as session:
        session.add(email)
    return str(email.id)


def _invited(world: World) -> str:
    member = world.member(Role.MANAGER)
    with world.session() as session:
        session.execute(
            update(Membership).where(Membership.id == member.id).values(joined_at=None, invited_at=utc_now())
        )
    return str(member.id)


def _joined(world: World, rows: Rows) -> str:
    """The customer of the rows gets an account here."""
    member = world.member(Role.ADVOCATE, email=f"ada@{world.slug}.example")
    with world.session() as session:
        ada = session.get_one(Advocate, (world.tenant_id, UUID(rows["advocates"])))
        ada.membership_id = member.id
    return str(member.id)


def _admin(world: World, rows: Rows) -> tuple[str, Rows]:
    """An admin, a file of theirs that stopped, and people whom they are about to pause."""
    admin = world.member(Role.ADMIN)
    made = {
        "kind": ExportKind.LIST,
        "filters": {"list": "advocates"},
        "language": "en",
        "file_name": "advocates.csv",
    }
    with world.session() as session:
        session.add(stopped := Export(by_id=admin.id, state=ExportState.FAILED, **made))
        stopped.failure = ExportFailure.GAVE_UP
        session.flush()
        session.add(
            action := BulkAction(list_name="advocates", act_name="pause", arguments={}, by_id=admin.id)
        )
        session.flush()
        session.add(BulkActionRow(bulk_action_id=action.id, row_id=UUID(rows["advocates"])))
        own = {"exports": str(stopped.id), "bulk_actions": str(action.id)}
    return str(admin.id), own


def _owner(world: World, rows: Rows) -> str:
    member = world.member(Role.OWNER)
    with world.session() as session:
        session.get_one(Account, (world.tenant_id, UUID(rows["accounts"]))).owner_id = member.id
    return str(member.id)

"""A workspace with something in every walled table, all of its words carrying one mark that may never leak."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from uuid_utils.compat import uuid7

from portal.advocates import models as advocates
from portal.asks import models as asks
from portal.declarations.email_content import PageLink
from portal.declarations.email_kinds import EmailClass
from portal.gateways.dns import TxtStatus
from portal.gateways.sendgrid_key_check import KeyResult
from portal.history import HistoryEntry
from portal.inbox import ReceivedEvent
from portal.list_summaries import ListSummary
from portal.outbox import Envelope
from portal.outreach.delivery_events.models import DeliveryEvent, DeliveryEventType
from portal.outreach.email_content import dump_links
from portal.outreach.governance.models import DailyMailStats
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.senders.dns_lookup import DnsQuery, failed_lookup
from portal.outreach.senders.models import Sender
from portal.outreach.senders.spf import SpfLookups
from portal.outreach.sequences import models as sequences
from portal.outreach.status_codes import StatusCode
from portal.outreach.suppressions.models import Suppression, SuppressionReason
from portal.outreach.templates import models as texts
from portal.policies import PolicyValue
from portal.references import models as references
from portal.secrets import encrypt
from portal.workspace.models import AddressCollision, CollisionTable
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import system_session
from tenants.models import Membership, Role, SignInRequest
from tests.rules.filled_event import invited
from tests.rules.filled_export import exported
from tests.rules.filled_facts import described
from tests.rules.filled_list import listed
from tests.rules.filled_people import agreed, imported, new
from tests.rules.filled_segments import audiences
from tests.rules.filled_survey import surveyed
from tests.world import World

Rows = dict[str, str]
Row = TypeVar("Row", bound=TenantOwned)


def fill(world: World, mark: str) -> Rows:
    """Table name -> the id of a row of it in this workspace; `askable`: a request that still looks for somebody;
    `manager`: the member whose export it is."""
    rep = world.member(Role.REP, email=f"rep@{mark}.example", name=f"Rep {mark}")
    manager = world.member(Role.MANAGER, email=f"manager@{mark}.example", name=f"Manager {mark}")
    account = world.account(f"Company {mark}", city=mark, external_id=f"ext-{mark}")
    ada = world.advocate(account=account, first_name=mark, email=f"ada@{mark}.example", title=f"VP {mark}")
    deal = world.deal(f"Prospect {mark}", competitor=mark)
    wish = world.request(
        requester=rep,
        prospect=f"Prospect {mark}",
        deal_id=deal.id,
        notes=mark,
        questions=mark,
        state=references.RequestState.SCHEDULED,
    )
    world.advocate(
        account=world.account(f"Free {mark}"), first_name=mark
    )  # somebody the open request can ask for
    askable = world.request(requester=rep, prospect=f"Open {mark}", state=references.RequestState.MATCHING)
    rows = [
        *surveyed(mark, ada, manager),
        *audiences(mark, ada, manager),
        *_talk(mark, rep, ada, wish),
        *_mail(mark, rep, ada),
        *imported(mark, rep),
        *agreed(mark, ada, rep),
        *described(mark, account, ada, manager),
        *invited(mark, account, ada, manager),
    ]
    sequence_rows = _running_sequence(mark, rep, ada)
    twin = world.advocate(first_name=mark, email=f"twin@{mark}.example")
    rows += [*_edited(mark, rep), *sequence_rows, _address_collision(ada, twin), *exported(mark, manager)]
    rows += [_summary(mark), *listed(mark, ada, manager)]
    with world.session() as session:
        for row in rows:  # in this order: a row comes after those it points at
            session.add(row)
            session.flush()
    with system_session() as system:
        system.add(asked := SignInRequest(email_norm=f"ada@{mark}.example"))
    made: list[Any] = [rep, account, ada, deal, wish, *rows, asked]
    more = {"askable": str(askable.id), "manager": str(manager.id)}
    return {row.__tablename__: str(row.id) for row in made} | more


def _summary(mark: str) -> ListSummary:
    """A list that a job counted."""
    now = utc_now()
    counted = {"counted_at": now, "counted_through": uuid7(), "due_at": now + timedelta(days=1)}
    return new(ListSummary, list_name="deals", rows=1, counts={}, choices={"stage": [mark]}, **counted)


def _talk(
    mark: str, rep: Membership, ada: advocates.Advocate, wish: references.ReferenceRequest
) -> list[TenantOwned]:
    """An accepted ask, its meeting, a slot, the question after the call, a line of conversation."""
    now = utc_now()
    ask = new(
        asks.Ask,
        kind=asks.AskKind.CALL,
        advocate_id=ada.id,
        account_id=ada.account_id,
        subject_type="reference_requests",
        subject_id=wish.id,
        minutes=20,
        due_on=now.date() + timedelta(days=9),
        state=asks.AskState.ACCEPTED,
        sent_at=now,
        answered_at=now,
        note=mark,
    )
    meeting = new(
        references.Meeting,
        request_id=wish.id,
        ask_id=ask.id,
        advocate_id=ada.id,
        state=references.MeetingState.SCHEDULED,
        minutes=20,
        starts_at=now + timedelta(days=5),
        prospect_name=mark,
        prospect_email=f"peter@{mark}.example",
        dial_in=f"https://{mark}.example/room",
    )
    slot = new(references.MeetingSlot, meeting_id=meeting.id, starts_at=now + timedelta(days=5))
    after = new(references.MeetingAnswer, meeting_id=meeting.id, side=references.Side.PROSPECT)
    line = new(references.RequestMessage, request_id=wish.id, author_id=rep.id, text=mark)
    return [ask, meeting, slot, after, line]


def _mail(mark: str, rep: Membership, ada: advocates.Advocate) -> list[TenantOwned]:
    email = new(
        Email,
        kind="welcome",
        email_class=EmailClass.TRANSACTIONAL,
        occasion=f"any:{mark}",
        recipient=ada.email,
        recipient_norm=ada.email_norm,
        recipient_name=mark,
        advocate_id=ada.id,
        fields={"name": mark},
        links=dump_links({"home": PageLink("my/asks")}),
        state=EmailState.HELD,
        hold_reason=HoldReason.DELIVERY_UNKNOWN,
        status_code=StatusCode.GATEWAY_REPLY,
        status_params={"text": mark},
    )
    story = new(
        HistoryEntry, subject_type="advocates", subject_id=ada.id, action=mark, by_id=rep.id, by_name=mark
    )
    parked = new(Envelope, topic="AskSent", ids={}, parked_at=utc_now(), last_error=mark)
    return [
        email,
        story,
        parked,
        new(PolicyValue, name=f"any.{mark}", value=7),
        _suppressed(mark, rep, email),
        _sender(mark),
        *_heard(mark, email),
    ]


def _heard(mark: str, email: Email) -> list[TenantOwned]:
    """What the provider told of an email, and what the day counted."""
    now, told = utc_now(), {"email_id": str(email.id), "event": "deferred", "reason": mark}
    happened = DeliveryEventType.DEFERRED
    return [
        new(ReceivedEvent, source="sendgrid", external_id=mark, payload=told, handled_at=now),
        new(
            DeliveryEvent,
            email_id=email.id,
            event_type=happened,
            at=now,
            external_id=mark,
            provider_reason=mark,
        ),
        new(DailyMailStats, day=now.date(), claimed=1),
    ]


def _sender(mark: str) -> Sender:
    """With a key of its own, and a domain that has one record right and the others not."""
    domain = f"{mark.lower()}.example"
    found = failed_lookup(DnsQuery(domain, "s1"))
    own = replace(
        found.spf, status=TxtStatus.FOUND, texts=(f"v=spf1 include:{mark} include:sendgrid.net ~all",)
    )
    none = [replace(key, status=TxtStatus.NOTHING) for key in found.keys]
    return new(
        Sender,
        name=mark,
        address=f"emails@{domain}",
        reply_to=f"answers@{domain}",
        sendgrid_key=encrypt(f"SG.{mark}.{mark}"),
        webhook_key=f"key of {mark}",
        key_checked_at=utc_now(),
        key_result=KeyResult.REFUSED,
        key_message=mark,
        dns_check_requested_at=utc_now(),
        dns_checked_at=utc_now(),
        dns_findings=replace(
            found, spf=own, reach=SpfLookups(2, ("sendgrid.net",)), keys=tuple(none)
        ).to_json(),
    )


def _suppressed(mark: str, rep: Membership, email: Email) -> Suppression:
    return new(
        Suppression,
        address_hash=f"hash of {mark}",
        reason=SuppressionReason.BY_HAND,
        address=f"gone@{mark}.example",
        note=mark,
        email_id=email.id,
        by_id=rep.id,
    )


def _running_sequence(mark: str, rep: Membership, ada: advocates.Advocate) -> list[TenantOwned]:
    """An email of the workspace's own, a sequence that sends it, and somebody who waits for it."""
    now = utc_now()
    email = new(texts.EmailTemplate, kind="own", name=f"Email {mark}", purpose="news")
    text = new(
        texts.TemplateVersion,
        template_id=email.id,
        number=1,
        origin=texts.TemplateOrigin.PERSON,
        by_id=rep.id,
    )
    text.subject = text.body = text.reason = mark
    sequence = new(
        sequences.EmailSequence,
        program=sequences.OWN,
        name=f"Sequence {mark}",
        state=sequences.SequenceState.RUNNING,
        purpose="news",
        started_at=now,
        by_id=rep.id,
    )
    step = new(
        sequences.SequenceStep,
        sequence_id=sequence.id,
        number=1,
        minutes=0,
        kind="own",
        template_id=email.id,
    )
    run = new(
        sequences.SequenceRun,
        sequence_id=sequence.id,
        advocate_id=ada.id,
        recipient=ada.email,
        recipient_norm=ada.email_norm,
        recipient_name=mark,
        subject_type="advocates",
        subject_id=ada.id,
        fields={"company": mark},
        purpose="news",
        anchor_at=now,
        next_at=now + timedelta(days=1),
    )
    return [email, text, sequence, step, run]


def _address_collision(ada: advocates.Advocate, twin: advocates.Advocate) -> AddressCollision:
    """Two spellings of one address that somebody has to look at."""
    return new(AddressCollision, subject_type=CollisionTable.ADVOCATES, subject_id=twin.id, other_id=ada.id)


def _edited(mark: str, rep: Membership) -> list[TenantOwned]:
    """An email of the product with words of somebody here."""
    email = new(texts.EmailTemplate, kind="ask")
    text = new(
        texts.TemplateVersion,
        template_id=email.id,
        number=1,
        origin=texts.TemplateOrigin.PERSON,
        subject=mark,
        body=mark,
        reason=mark,
        by_id=rep.id,
        by_name=mark,
    )
    return [email, text]

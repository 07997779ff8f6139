"""What every email to an advocate carries: the link to their preferences, and their own time zone."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.declarations.email_content import EmailLinks, Recipient, SignedLink
from portal.id_arrays import is_one_of
from portal.links import LinkPurpose
from portal.outreach.email_content import dump_links

AdvocateLinkInfo = tuple[int, str]  # version of the link, time zone


def advocate_link_info(
    session: Session, recipients: Collection[Recipient]
) -> Mapping[UUID, AdvocateLinkInfo]:
    theirs = {one.advocate_id: one.of_advocate for one in recipients if one.advocate_id}
    known = {advocate_id: info for advocate_id, info in theirs.items() if info}
    return known | _read(session, theirs.keys() - known.keys())


def _read(session: Session, ids: Collection[UUID]) -> dict[UUID, AdvocateLinkInfo]:
    if not ids:
        return {}
    its = select(Advocate.id, Advocate.link_version, Advocate.time_zone)
    rows = session.execute(its.where(Advocate.id == is_one_of(ids)))
    return {advocate_id: (version, zone) for advocate_id, version, zone in rows}


def advocate_columns(
    recipient: Recipient,
    links: EmailLinks,
    advocates: Mapping[UUID, AdvocateLinkInfo],
    time_zone: str = "",
) -> dict[str, Any]:
    zone, advocate_id = time_zone or recipient.time_zone, recipient.advocate_id
    if advocate_id is None:
        return {"links": dump_links(links), "time_zone": zone}
    version, own_zone = advocates.get(advocate_id, (1, ""))
    preferences = {"preferences": SignedLink(LinkPurpose.PREFERENCES, advocate_id, version)}
    return {"links": dump_links({**preferences, **links}), "time_zone": zone or own_zone}

"""What is said about the proof that a domain is the workspace's own."""

from flask_babel import gettext as _

from portal.gateways.names import Answer, Said
from portal.outreach.sender import sender as installation
from portal.outreach.senders import proof
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import has_account
from portal.outreach.senders.verdicts import Chapter, Record, State, Verdict, silent
from portal.web.filters import moment


def chapter(own: Sender, found: Answer) -> Chapter:
    purpose = _(
        "It shows that %(domain)s is yours, so that no other workspace writes in its name.", domain=own.domain
    )
    return Chapter("proof", _("Proof"), purpose, (_verdict(own, found),))


def record_of(own: Sender) -> Record:
    return Record("proof", "TXT", proof.place(own.domain), proof.token(own.tenant_id, own.domain))


def _verdict(own: Sender, found: Answer) -> Verdict:
    record, before = record_of(own), proof.proof_of(own)
    if record.value in found.texts:
        words = _("Letters come from %(address)s.", address=own.address)
        return Verdict(record, State.RIGHT, words, found.texts)
    if has_account(own):
        return Verdict(record, State.SPARED, _spared(), found.texts)
    if before is not None and before.ends:
        return Verdict(record, State.GONE, _going(own, before), found.texts)
    if found.said is Said.SILENT:
        return silent(record, is_wanted=before is None)
    if found.texts:
        return Verdict(record, State.DIFFERS, _of_others(), found.texts)
    return Verdict(record, State.MISSING, _missing())


def _spared() -> str:
    return _(
        "Your letters leave through your own SendGrid account, and SendGrid asks for a proof of its own. Without "
        "that account this record would be needed."
    )


def _going(own: Sender, before: proof.Proof) -> str:
    return _(
        "It was there until %(seen)s. Letters still come from %(address)s; unless it is found again before "
        "%(ends)s, they come from %(installation)s.",
        seen=moment(before.seen_at),
        address=own.address,
        ends=moment(before.ends),
        installation=installation.address,
    )


def _of_others() -> str:
    return _(
        "What stands there is not this workspace’s own. Add this one beside it: each workspace has a record to itself."
    )


def _missing() -> str:
    return _("There is none. Add this one, under a name of its own; all your other records stay as they are.")

"""Whether a domain is the workspace's own: its DNS holds a token that only this workspace was told.

Without it one workspace could write in the name of another's domain, since both leave by one provider account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.gateways.names import Answer, Said
from portal.outreach.senders.models import Sender
from portal.secrets import hashed

MARK = "goodword-domain="
LENGTH = 32  # hexadecimal digits
PATIENCE = timedelta(hours=72)  # how long the record may be away before it counts as taken away
KEPT = "proof"  # beside the findings in Sender.dns


@dataclass(frozen=True)
class Proof:
    domain: str
    seen_at: datetime
    missed_since: datetime | None = None  # a name server said so; silence is no answer

    def kept(self) -> dict[str, str]:
        missed = {"missed_since": self.missed_since.isoformat()} if self.missed_since else {}
        return {"domain": self.domain, "seen_at": self.seen_at.isoformat()} | missed

    @property
    def ends(self) -> datetime | None:
        """From when on an answer without the record takes the proof away."""
        return self.missed_since + PATIENCE if self.missed_since else None


def place(domain: str) -> str:
    return f"_goodword.{domain}"


def token(tenant_id: UUID, domain: str) -> str:
    """Another for each workspace and each domain; any number of workspaces may prove the same domain."""
    return MARK + hashed("sender domain", str(tenant_id), domain)[:LENGTH]


def tokens(texts: Iterable[str], mine: str) -> list[str]:
    """Those of the text records that are such tokens, this workspace's own first."""
    found = (text.strip(' "').lower() for text in texts)
    return sorted((text for text in found if text.startswith(MARK)), key=lambda text: text != mine)


def proof_of(own: Sender) -> Proof | None:
    """As it stands; none for a domain that is not the sender's any more."""
    kept: dict[str, Any] = own.dns.get(KEPT, {})
    if kept.get("domain") != own.domain:
        return None
    missed = kept.get("missed_since")
    seen_at = datetime.fromisoformat(kept["seen_at"])
    return Proof(own.domain, seen_at, datetime.fromisoformat(missed) if missed else None)


def is_proven(own: Sender) -> bool:
    return own.has_own_domain and proof_of(own) is not None


def after(before: Proof | None, answer: Answer, domain: str, mine: str, at: datetime) -> Proof | None:
    """What this look at the domain leaves of the proof. Only an answer changes it, and a miss only in the long run."""
    if mine in answer.texts:
        return Proof(domain, at)
    if before is None or answer.said is Said.SILENT:
        return before
    missed = Proof(domain, before.seen_at, before.missed_since or at)
    return None if missed.ends and missed.ends <= at else missed

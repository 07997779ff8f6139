"""Whether a domain is the workspace's own: its DNS holds a token that only this workspace was told.

Without it one workspace could write in the name of another's domain, since both leave by one provider account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.gateways.dns import TxtAnswer, TxtStatus
from portal.outreach.senders.models import Sender
from portal.secrets import keyed_hash

TOKEN_PREFIX = "goodword-domain="  # noqa: S105 - it is public
TOKEN_LENGTH = 32  # hexadecimal digits
GRACE_PERIOD = timedelta(hours=72)  # how long the record may be away before it counts as taken away
PROOF_KEY = "proof"  # beside the findings in Sender.dns


@dataclass(frozen=True)
class DomainProof:
    domain: str
    seen_at: datetime
    missed_since: datetime | None = None  # a name server said so; silence is no answer

    def to_json(self) -> dict[str, str]:
        missed = {"missed_since": self.missed_since.isoformat()} if self.missed_since else {}
        return {"domain": self.domain, "seen_at": self.seen_at.isoformat()} | missed

    @property
    def expires_at(self) -> datetime | None:
        return self.missed_since + GRACE_PERIOD if self.missed_since else None


def record_name(domain: str) -> str:
    return f"_goodword.{domain}"


def ownership_token(tenant_id: UUID, domain: str) -> str:
    return TOKEN_PREFIX + keyed_hash("sender domain", str(tenant_id), domain)[:TOKEN_LENGTH]


def ownership_tokens(texts: Iterable[str], own_token: str) -> list[str]:
    found = (text.strip(' "').lower() for text in texts)
    return sorted(
        (text for text in found if text.startswith(TOKEN_PREFIX)), key=lambda text: text != own_token
    )


def stored_proof(sender: Sender) -> DomainProof | None:
    kept: dict[str, Any] = sender.dns_findings.get(PROOF_KEY, {})
    if kept.get("domain") != sender.domain:
        return None
    missed = kept.get("missed_since")
    seen_at = datetime.fromisoformat(kept["seen_at"])
    return DomainProof(sender.domain, seen_at, datetime.fromisoformat(missed) if missed else None)


def is_domain_proven(sender: Sender) -> bool:
    return sender.has_own_domain and stored_proof(sender) is not None


def updated_proof(
    previous: DomainProof | None, answer: TxtAnswer, domain: str, own_token: str, at: datetime
) -> DomainProof | None:
    """Return what this look leaves of the proof. Only an answer changes it, and a miss only in the long run."""
    if own_token in answer.texts:
        return DomainProof(domain, at)
    if previous is None or answer.status is TxtStatus.SILENT:
        return previous
    missed = DomainProof(domain, previous.seen_at, previous.missed_since or at)
    return None if missed.expires_at and missed.expires_at <= at else missed

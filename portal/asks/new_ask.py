"""An ask as it is written down: what it weighs, and whom it helps."""

from sqlalchemy.orm import Session

from portal.accounts.name_normalization import normal_name
from portal.asks.models import Ask, AskKind
from portal.asks.policies import ask_rules
from tenants.base import TenantOwned


def new_ask(
    session: Session,
    kind: AskKind,
    subject: TenantOwned,
    minutes: int | None = None,
    attention_minutes: int | None = None,
    *,
    helps_name: str = "",
    why: str = "",
) -> Ask:
    """Of nobody yet. `helps_name`: by default the record's prospect; minutes are those of the kind by default."""
    weight = ask_rules(session).weight_of(kind, minutes, attention_minutes)
    ask = Ask(kind=kind, minutes=weight.favor, attention_minutes=weight.attention, why_you=why)
    ask.subject_type, ask.subject_id = subject.__tablename__, subject.id
    ask.helps_name = helps_name or str(getattr(subject, "prospect", ""))
    ask.helps_name_norm = normal_name(ask.helps_name)
    return ask

"""What a workspace may say of a kind of ask that some program asks for: its weights, its rest, and what stops it.

That guest kinds start no rest, and that health never stops a review, an invitation or a survey, is no setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.advocates.ask_kinds import TALKS, AskKind, AskKindRow, kinds_in_use
from portal.i18n import mark
from portal.policies import Policy, declare

ATTENTION = mark("%(about)s: minutes to read and answer the request")
FAVOR = mark("%(about)s: minutes it takes")
REST = mark("%(about)s: break after a yes, in days")
PAUSE = mark("%(about)s: wait while account health is poor or a renewal is close")
REST_DAYS = declare(
    "asks.rest_days",
    14,
    "Break after a yes to a call, site visit or talk, in days",
    "No requests during that time, except reviews and invitations to events, board meetings and surveys.",
    high=365,
)


@dataclass(frozen=True)
class KindRules:
    """One kind, as a workspace has it."""

    attention_minutes: int
    favor_minutes: int
    rest_days: int
    pauses_with_account: bool

    @classmethod
    def of_row(cls, row: AskKindRow) -> "KindRules":
        return cls(row.attention_minutes, row.favor_minutes, row.rest_days, row.pauses_with_account)


def _declare(column: str, kind: AskKind, label: str, low: int, high: int) -> Policy:
    """A policy for a column of the row, beside others of its kind."""
    default = int(getattr(kind.row, column))
    about = kind.row.name
    return declare(f"asks.{column}_{kind}", default, label, low=low, high=high, group="kinds", about=about)


def _policies_of(kind: AskKind) -> dict[str, Policy]:
    """By the column that each of them changes."""
    found = {"attention_minutes": _declare("attention_minutes", kind, ATTENTION, 0, 60)}
    if kind.row.favor_minutes:
        found["favor_minutes"] = _declare("favor_minutes", kind, FAVOR, 1, 600)
    if not kind.is_guest:
        is_talk = kind in TALKS
        found["rest_days"] = REST_DAYS if is_talk else _declare("rest_days", kind, REST, 0, 365)
    if kind.row.pauses_with_account:
        found["pauses_with_account"] = _declare("pauses_with_account", kind, PAUSE, 0, 1)
    return found


KIND_POLICIES: dict[AskKind, dict[str, Policy]] = {}
DEFAULT_RULES = tuple(KindRules.of_row(kind.row) for kind in AskKind)


def declare_kinds() -> None:
    """When a process starts, once the programs are listed."""
    KIND_POLICIES.update({kind: _policies_of(kind) for kind in kinds_in_use()})


def kind_rules(values: Mapping[str, int]) -> tuple[KindRules, ...]:
    return tuple(_rules_of(kind, values) for kind in AskKind)


def _rules_of(kind: AskKind, values: Mapping[str, int]) -> KindRules:
    said = {column: values[policy.name] for column, policy in KIND_POLICIES.get(kind, {}).items()}
    row = kind.row
    return KindRules(
        said.get("attention_minutes", row.attention_minutes),
        said.get("favor_minutes", row.favor_minutes),
        said.get("rest_days", row.rest_days),
        bool(said.get("pauses_with_account", row.pauses_with_account)),
    )


def favor_minutes(values: Mapping[str, int]) -> dict[AskKind, int]:
    rules = dict(zip(AskKind, kind_rules(values), strict=True))
    return {kind: own.favor_minutes for kind, own in rules.items()}

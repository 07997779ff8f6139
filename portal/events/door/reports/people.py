"""Joins summed up by person. Who is known by an address in one line and by the same name alone in another is one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.events.door.reports.reading import Join
from portal.search_text import folded
from tenants.email_addresses import normalize_email

ORIGINAL = re.compile(r"\s*\((?P<name>[^()]*)\)\s*$")  # Zoom: “Ada (Ada Lindqvist)”


@dataclass(frozen=True)
class Participant:
    """`alias`: by which files know them: the normalized address, else the folded name."""

    alias: str
    name: str
    email: str
    joins: int
    minutes: int
    joined_at: datetime | None
    left_at: datetime | None


def sum_up(joins: Iterable[Join]) -> list[Participant]:
    by_alias: dict[str, list[Join]] = defaultdict(list)
    for join in joins:
        by_alias[normalize_email(join.email) or folded_name(join.name)].append(join)
    by_alias.pop("", None)
    for name, alias in _addresses_of_names(by_alias).items():
        by_alias[alias].extend(by_alias.pop(name, []))
    return [_participant(alias, theirs) for alias, theirs in by_alias.items()]


def folded_name(name: str) -> str:
    return folded(name).strip() or name.strip().casefold()


def names_of(name: str) -> list[str]:
    """As they are shown, and as they signed in: whichever is a guest's."""
    shown, original = ORIGINAL.sub("", name), ORIGINAL.search(name)
    return [folded_name(each) for each in (shown, original["name"] if original else "") if each.strip()]


def _addresses_of_names(by_alias: dict[str, list[Join]]) -> dict[str, str]:
    """Names that stand with exactly one address."""
    found: dict[str, set[str]] = defaultdict(set)
    for alias, joins in by_alias.items():
        for join in joins:
            if join.email:
                found[folded_name(join.name)].add(alias)
    return {
        name: next(iter(aliases))
        for name, aliases in found.items()
        if len(aliases) == 1 and name in by_alias and name not in aliases
    }


def _participant(alias: str, joins: Sequence[Join]) -> Participant:
    joined = min((join.joined_at for join in joins if join.joined_at), default=None)
    left = max((join.left_at for join in joins if join.left_at), default=None)
    return Participant(
        alias=alias,
        name=max((join.name for join in joins), key=len),
        email=next((join.email for join in joins if join.email), ""),
        joins=len(joins),
        minutes=int(_time_there(joins, joined, left).total_seconds() // 60),
        joined_at=joined,
        left_at=left if joined and left and left >= joined else None,
    )


def _time_there(joins: Sequence[Join], joined: datetime | None, left: datetime | None) -> timedelta:
    """All joins together; with two devices at once nobody was there for longer than from first to last."""
    total = sum((join.duration for join in joins), timedelta())
    return min(total, left - joined) if len(joins) > 1 and joined and left and left > joined else total

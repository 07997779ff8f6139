"""SPF (RFC 7208): which servers may send for a domain, read as the reader's mail server reads it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

MAX_LOOKUPS = 10  # further questions a receiver asks before it gives up
FOLLOWED = {"include", "redirect"}
LOOKUP_MECHANISM = re.compile(r"[+?~-]?(include|a|mx|ptr|exists|redirect)(?:[:=/](.*))?", re.IGNORECASE)
PASS_ALL = re.compile(r"\+?all", re.IGNORECASE)
ALL_MECHANISM = re.compile(r"[+?~-]?all", re.IGNORECASE)


@dataclass(frozen=True)
class SpfLookups:
    """What a record leads to: how many further questions it costs, and whose records are among them."""

    lookups: int = 0
    domains: tuple[str, ...] = ()

    @property
    def is_too_far(self) -> bool:
        return self.lookups > MAX_LOOKUPS


def spf_records(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def follow_lookups(record: str, ask: Callable[[str], Sequence[str]]) -> SpfLookups:
    waiting, lookups = [record], 0
    domains: list[str] = []
    while waiting and lookups <= MAX_LOOKUPS:
        for kind, target in _lookups_of(waiting.pop(0)):
            lookups += 1
            if (
                kind in FOLLOWED
                and "%" not in target
                and target not in domains
                and len(domains) < MAX_LOOKUPS
            ):
                domains.append(target)
                waiting += spf_records(ask(target))[:1]
    return SpfLookups(lookups, tuple(domains))


def _lookups_of(record: str) -> Iterator[tuple[str, str]]:
    """The parts that make a receiver ask further; a redirect counts only where nothing says "all"."""
    ends = any(ALL_MECHANISM.fullmatch(part) for part in record.split())
    for part in record.split()[1:]:
        if found := LOOKUP_MECHANISM.fullmatch(part):
            kind, target = found[1].lower(), (found[2] or "").rstrip(".").lower()
            if not (kind == "redirect" and ends):
                yield kind, target


def allows_everyone(record: str) -> bool:
    return any(PASS_ALL.fullmatch(part) for part in record.split()[1:])


def merge_records(found: Sequence[str]) -> str:
    parts = [part for record in found for part in record.split()[1:] if not PASS_ALL.fullmatch(part)]
    named = [part for part in dict.fromkeys(parts) if not ALL_MECHANISM.fullmatch(part)]
    ends = next(
        (part for part in parts if ALL_MECHANISM.fullmatch(part)), "" if _redirects(named) else "~all"
    )
    return " ".join(["v=spf1", *named, *filter(None, [ends])])


def _redirects(parts: Sequence[str]) -> bool:
    return any(part.lower().startswith("redirect=") for part in parts)


def with_include(record: str, domain: str) -> str:
    parts = record.split()
    ends = (n for n, part in enumerate(parts) if ALL_MECHANISM.fullmatch(part) or _redirects([part]))
    last = next(ends, len(parts))
    return " ".join([*parts[:last], f"include:{domain}", *parts[last:]])

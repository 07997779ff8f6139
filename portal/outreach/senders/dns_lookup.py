"""What is asked about a sender's domain, and what is kept of the answers. Nothing here touches the database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any

from portal.gateways.dns import DnsResolver, TxtAnswer, TxtStatus
from portal.outreach.senders import dmarc, domain_ownership, spf
from portal.outreach.senders.spf import SpfLookups

MAX_TEXTS = 5  # texts that are kept of one name
AskDns = Callable[[str], TxtAnswer]


@dataclass(frozen=True)
class DnsQuery:
    domain: str
    selector: str
    token: str = ""  # what proves that the domain is the workspace's own

    @property
    def keys(self) -> list[str]:
        """Return where DKIM keys may stand: providers change keys by turns, so they have two names (s1, s2)."""
        return [f"{selector}._domainkey.{self.domain}" for selector in selectors(self.selector)]

    @property
    def policies(self) -> list[str]:
        labels = self.domain.split(".")
        above = [".".join(labels[n:]) for n in range(max(len(labels) - 1, 1))]
        return [f"_dmarc.{domain}" for domain in above[: dmarc.MAX_LEVELS]]


@dataclass(frozen=True)
class DnsFindings:
    domain: str
    tokens: TxtAnswer
    spf: TxtAnswer
    reach: SpfLookups
    keys: tuple[TxtAnswer, ...]
    dmarc: TxtAnswer

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "DnsFindings | None":
        if "spf" not in stored:
            return None
        return cls(
            domain=stored["domain"],
            tokens=_answer_from_json(stored["tokens"]),
            spf=_answer_from_json(stored["spf"]),
            reach=SpfLookups(stored["reach"]["lookups"], tuple(stored["reach"]["domains"])),
            keys=tuple(_answer_from_json(each) for each in stored["keys"]),
            dmarc=_answer_from_json(stored["dmarc"]),
        )


def selectors(first: str) -> tuple[str, str]:
    return first, f"{first.removesuffix('1')}2"


def look_up(query: DnsQuery, names: DnsResolver) -> DnsFindings:
    """Ask every question at once, so that a silent server costs one time-out for each round."""
    with ThreadPoolExecutor(5) as askers:
        tokens = askers.submit(names.txt_records, domain_ownership.record_name(query.domain))
        own = askers.submit(names.txt_records, query.domain)
        policy = askers.submit(_dmarc_policy, query, names.txt_records)
        keys = tuple(askers.map(names.txt_records, query.keys))
    proofs = _with_texts(
        tokens.result(), domain_ownership.ownership_tokens(tokens.result().texts, query.token)
    )
    found = _with_texts(own.result(), spf.spf_records(own.result().texts))
    reach = (
        spf.follow_lookups(found.texts[0], lambda name: names.txt_records(name).texts)
        if found.texts
        else SpfLookups()
    )
    return DnsFindings(
        query.domain, proofs, found, reach, tuple(map(_limited, keys)), _limited(policy.result())
    )


def failed_lookup(query: DnsQuery) -> DnsFindings:
    places = (domain_ownership.record_name(query.domain), query.domain, query.policies[0], *query.keys)
    tokens, own, policy, *keys = (TxtAnswer(name, TxtStatus.SILENT) for name in places)
    return DnsFindings(query.domain, tokens, own, SpfLookups(), tuple(keys), policy)


def _dmarc_policy(query: DnsQuery, ask: AskDns) -> TxtAnswer:
    """Return the nearest record; where none exists, the domain's own answer."""
    answers = list(_until_found(map(ask, query.policies)))
    return answers[-1] if _is_conclusive(answers[-1]) else answers[0]


def _until_found(answers: Iterator[TxtAnswer]) -> Iterator[TxtAnswer]:
    for answer in answers:
        yield answer
        if _is_conclusive(answer):
            return


def _is_conclusive(answer: TxtAnswer) -> bool:
    return answer.status is TxtStatus.SILENT or bool(dmarc.dmarc_records(answer.texts))


def _with_texts(answer: TxtAnswer, texts: list[str]) -> TxtAnswer:
    """Keep texts of one kind; other records of the domain are nobody's business here."""
    said = answer.status if texts or answer.status is TxtStatus.SILENT else TxtStatus.NOTHING
    return replace(answer, status=said, texts=tuple(texts[:MAX_TEXTS]))


def _limited(answer: TxtAnswer) -> TxtAnswer:
    return replace(answer, texts=answer.texts[:MAX_TEXTS], aliases=answer.aliases[:MAX_TEXTS])


def _answer_from_json(stored: dict[str, Any]) -> TxtAnswer:
    status = stored.get("status") or stored["said"]  # "said": rows from before the key was renamed
    return TxtAnswer(stored["name"], TxtStatus(status), tuple(stored["texts"]), tuple(stored["aliases"]))

"""What is asked about a sender's domain, and what is kept of the answers. Nothing here touches the database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any

from portal.gateways.names import Answer, Names, Said
from portal.outreach.senders import dmarc, proof, spf
from portal.outreach.senders.spf import Reach

MOST = 5  # texts that are kept of one name
Ask = Callable[[str], Answer]


@dataclass(frozen=True)
class Question:
    domain: str
    selector: str
    token: str = ""  # what proves that the domain is the workspace's own

    @property
    def keys(self) -> list[str]:
        """Where DKIM keys may stand: providers change keys by turns, so they have two names (s1, s2)."""
        return [f"{selector}._domainkey.{self.domain}" for selector in selectors(self.selector)]

    @property
    def policies(self) -> list[str]:
        """Where DMARC is looked for: at the domain, then above it."""
        labels = self.domain.split(".")
        above = [".".join(labels[n:]) for n in range(max(len(labels) - 1, 1))]
        return [f"_dmarc.{domain}" for domain in above[: dmarc.HIGHEST]]


@dataclass(frozen=True)
class Findings:
    domain: str
    tokens: Answer
    spf: Answer
    reach: Reach
    keys: tuple[Answer, ...]
    dmarc: Answer

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Findings | None":
        """None as long as nobody has looked."""
        if "spf" not in kept:
            return None
        return cls(
            domain=kept["domain"],
            tokens=_read(kept["tokens"]),
            spf=_read(kept["spf"]),
            reach=Reach(kept["reach"]["lookups"], tuple(kept["reach"]["domains"])),
            keys=tuple(_read(each) for each in kept["keys"]),
            dmarc=_read(kept["dmarc"]),
        )


def selectors(first: str) -> tuple[str, str]:
    """s1 has s2 beside it; any other name has itself with a 2."""
    return first, f"{first.removesuffix('1')}2"


def look(question: Question, names: Names) -> Findings:
    """Every question at once, so that a silent server costs no more than one time-out for each round."""
    with ThreadPoolExecutor(5) as askers:
        tokens = askers.submit(names.texts, proof.place(question.domain))
        own = askers.submit(names.texts, question.domain)
        policy = askers.submit(_policy, question, names.texts)
        keys = tuple(askers.map(names.texts, question.keys))
    proofs = _only(tokens.result(), proof.tokens(tokens.result().texts, question.token))
    found = _only(own.result(), spf.records(own.result().texts))
    reach = spf.reach(found.texts[0], lambda name: names.texts(name).texts) if found.texts else Reach()
    return Findings(question.domain, proofs, found, reach, tuple(map(_few, keys)), _few(policy.result()))


def unanswered(question: Question) -> Findings:
    """What is kept when the look itself broke down."""
    places = (proof.place(question.domain), question.domain, question.policies[0], *question.keys)
    tokens, own, policy, *keys = (Answer(name, Said.SILENT) for name in places)
    return Findings(question.domain, tokens, own, Reach(), tuple(keys), policy)


def _policy(question: Question, ask: Ask) -> Answer:
    """The nearest that holds one; where none does, what the domain itself said."""
    answers = list(_until_found(map(ask, question.policies)))
    return answers[-1] if _is_settled(answers[-1]) else answers[0]


def _until_found(answers: Iterator[Answer]) -> Iterator[Answer]:
    for answer in answers:
        yield answer
        if _is_settled(answer):
            return


def _is_settled(answer: Answer) -> bool:
    return answer.said is Said.SILENT or bool(dmarc.records(answer.texts))


def _only(answer: Answer, texts: list[str]) -> Answer:
    """Other things stand under a domain as well; they are nobody's business here."""
    said = answer.said if texts or answer.said is Said.SILENT else Said.NOTHING
    return replace(answer, said=said, texts=tuple(texts[:MOST]))


def _few(answer: Answer) -> Answer:
    return replace(answer, texts=answer.texts[:MOST], aliases=answer.aliases[:MOST])


def _read(kept: dict[str, Any]) -> Answer:
    return Answer(kept["name"], Said(kept["said"]), tuple(kept["texts"]), tuple(kept["aliases"]))

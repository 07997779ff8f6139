"""The list of what features declare, for web, workers and tests; whatever stands below finds it in the registries.

A program brings all that is its own. Emails and metrics of features that every workspace has are listed beside them.
"""

import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from types import FunctionType, MappingProxyType
from typing import Any

from portal.accounts import attributes as account_attributes
from portal.accounts import subscription_attributes, usage_attributes
from portal.advocates import ask_kind_policies
from portal.advocates import attributes as advocate_attributes
from portal.advocates import emails as advocates
from portal.asks import attributes as ask_attributes
from portal.asks import email_part, summary_labels
from portal.asks import emails as asks
from portal.asks import labels as ask_labels
from portal.asks import metrics as ask_metrics
from portal.asks.models import Ask
from portal.campaigns import email_part as campaign_email_part
from portal.campaigns import labels as campaign_labels
from portal.custom_fields import attributes as field_attributes
from portal.declarations import sending
from portal.declarations.attributes import ATTRIBUTE_SOURCES, ATTRIBUTES
from portal.declarations.email_content import SignedLink
from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.declarations.link_phrases import LINK_PHRASES
from portal.declarations.lists import LISTS
from portal.declarations.metrics import METRICS
from portal.declarations.programs import PROGRAMS
from portal.declarations.registry import IncompleteDeclarations, Registry
from portal.declarations.segment_uses import SEGMENT_USERS
from portal.declarations.withdrawal_reasons import WITHDRAWAL_REASONS
from portal.directory import lists as directory
from portal.events.program import PROGRAM as EVENTS
from portal.imports import lists as imports
from portal.outreach import emails as outreach
from portal.outreach.consent_requests import emails as consent_requests
from portal.outreach.governance import open_asks
from portal.outreach.messages import email_subject
from portal.outreach.messages import lists as messages
from portal.outreach.messages.compose import compose
from portal.outreach.messages.compose_many import compose_bulk
from portal.outreach.sequences import lists as sequences
from portal.outreach.sequences import segment_use as sequence_use
from portal.outreach.suppressions import lists as suppressions
from portal.outreach.templates.link_urls import has_path
from portal.references.program import PROGRAM as REFERENCES
from portal.segments import attribute_statements
from portal.segments import attributes as segment_attributes
from portal.signin import emails as signin
from portal.surveys.program import PROGRAM as SURVEYS
from portal.tags import attributes as tag_attributes
from portal.workspace import emails as workspace

__all__ = ["PROGRAMS", "check_declarations"]
PROGRAMS.add(REFERENCES, SURVEYS, EVENTS)
ask_kind_policies.declare_kinds()

for feature in (signin, workspace, advocates, consent_requests, asks, outreach):
    EMAIL_KINDS.add(*feature.KINDS)
EMAIL_KINDS.add(*(kind for program in PROGRAMS for kind in program.email_kinds))
metrics = [*ask_metrics.METRICS, *(metric for program in PROGRAMS for metric in program.metrics)]
METRICS.add(*sorted(metrics, key=attrgetter("position")))
for listed in (directory, messages, suppressions, sequences, imports):
    LISTS.add(*listed.LISTS)
LISTS.add(*(each for program in PROGRAMS for each in program.lists))
LINK_PHRASES.add(
    *summary_labels.PHRASES, *(phrase for program in PROGRAMS for phrase in program.link_phrases)
)
for fixed in (advocate_attributes, account_attributes, usage_attributes, subscription_attributes):
    ATTRIBUTES.add(*fixed.ATTRIBUTES)
for by_kind in (advocate_attributes, ask_attributes):
    ATTRIBUTES.add(*by_kind.of_kinds_in_use())
for own in (tag_attributes, field_attributes, segment_attributes, attribute_statements):
    ATTRIBUTE_SOURCES.add(own.SOURCE)
SEGMENT_USERS.add(sequence_use.SEQUENCES, *(user for program in PROGRAMS for user in program.segment_users))
WITHDRAWAL_REASONS.add(
    *ask_labels.REASONS_OF_EVERY_ASK,
    campaign_labels.STOPPED_UNSENT,
    *(why for program in PROGRAMS for why in program.withdrawal_reasons),
)
DECLARING_FILES: Mapping[str, Mapping[str, Registry[Any]]] = MappingProxyType(
    {
        "emails": {"KINDS": EMAIL_KINDS},
        "metrics": {"METRICS": METRICS},
        "lists": {"LISTS": LISTS},
        "attributes": {"ATTRIBUTES": ATTRIBUTES, "of_kinds_in_use": ATTRIBUTES, "SOURCE": ATTRIBUTE_SOURCES},
    }
)
"""What a file of this name declares, wherever it stands, and its registry; a program or this file lists it all."""
sending.configure(compose, compose_bulk)
open_asks.configure(campaign_email_part.open_asks)
email_subject.declare(Ask.__tablename__, email_part.ask_link)


def check_declarations(portal: Path | None = None) -> None:
    problems = [
        *PROGRAMS.problems(),
        *EMAIL_KINDS.problems(),
        *METRICS.problems(),
        *LINK_PHRASES.problems(),
        *LISTS.problems(),
        *WITHDRAWAL_REASONS.problems(),
        *ATTRIBUTES.problems(),
        *ATTRIBUTE_SOURCES.problems(),
        *SEGMENT_USERS.problems(),
        *(problem for kind in EMAIL_KINDS for problem in _dead_links(kind)),
        *_unlisted_programs(portal or Path(str(files("portal")))),
        *_unlisted_files(portal or Path(str(files("portal")))),
    ]
    if problems:
        raise IncompleteDeclarations("\n".join(problems))


def _dead_links(kind: EmailKind) -> Iterator[str]:
    for link in kind.sample.links.values():
        if isinstance(link, SignedLink) and not has_path(link.purpose):
            yield f"The email kind “{kind.name}”: no program says where its link “{link.purpose}” leads."


def _unlisted_programs(portal: Path) -> list[str]:
    """A feature that declares a program and is not listed above would be missing without a word."""
    declared = sorted(path.parent.name for path in portal.glob("*/program.py"))
    return [
        f"portal/{name}/program.py declares a program that portal/programs.py does not list."
        for name in declared
        if name not in PROGRAMS
    ]


def _unlisted_files(portal: Path) -> Iterator[str]:
    """The same for what stands in a file that nobody reads, or reads only in part."""
    for kind, tables in DECLARING_FILES.items():
        for path in sorted(portal.rglob(f"{kind}.py")):
            place = path.relative_to(portal)
            if place.parts[0] != "declarations" and not _is_listed(place, tables):
                yield f"portal/{place} declares {kind} that neither a program nor portal/programs.py lists."


def _is_listed(place: Path, tables: Mapping[str, Registry[Any]]) -> bool:
    module = sys.modules.get(".".join(("portal", *place.with_suffix("").parts)))
    declared = [(registry, getattr(module, table, None)) for table, registry in tables.items()]
    found = [(registry, each) for registry, each in declared if each is not None]
    return bool(found) and all(_holds(registry, each) for registry, each in found)


def _holds(registry: Registry[Any], declared: Any) -> bool:
    """All of a table, the one declaration, or what a function made when the programs were listed."""
    if isinstance(declared, FunctionType):
        return any(made.name in registry for made in declared())
    listed = declared if isinstance(declared, tuple) else (declared,)
    return bool(listed) and all(registry.find(each.name) is each for each in listed)

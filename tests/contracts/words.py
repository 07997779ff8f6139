"""The words a program declares, and whether each language of the house has them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from portal.declarations.email_kinds import EmailKind
from portal.declarations.metrics import Metric
from portal.declarations.programs import Program
from tests.rules.test_code import ROOT

SOURCE = "en"  # sentences are written in it: every other language has a catalog
CATALOGS = ROOT / "portal" / "translations"
MARKS: dict[str, Any] = {"mark": None, "_": None, "_l": None, "mark_plural": (1, 2), "ngettext": (1, 2)}


def languages(catalogs: Path = CATALOGS) -> list[str]:
    return [SOURCE, *sorted(path.parents[1].name for path in catalogs.glob("*/LC_MESSAGES/messages.po"))]


def declared_words(program: Program) -> set[str]:
    """What it hands over to pages that are not its own."""
    links = (program.start_action, program.advocate_action, program.home.all_clear)
    found = {
        *(program.label, program.description),
        *(entry.label for entry in (*program.menu, *program.advocate_menu)),
        *(answer.label for answer in program.answer.extra),
        *(link.label for link in links if link),
        *program.policy_groups.values(),
        *(phrase.text for phrase in program.link_phrases),
        *(reason.text for reason in program.withdrawal_reasons),
        *(words for kind in program.email_kinds for words in _of_email(kind)),
        *(words for metric in program.metrics for words in _of_metric(metric)),
    }
    return found - {""}


def _of_email(kind: EmailKind) -> Iterator[str]:
    yield from (kind.label, kind.sent_when, kind.group.label if kind.group else "")
    yield from (merge_field.description for merge_field in kind.fields)
    if said := kind.reminders:
        yield from (said.label, said.description, said.delay_text)


def _of_metric(metric: Metric) -> Iterator[str]:
    yield from (metric.label, metric.short_label, metric.definition, metric.formula, metric.exclusions)
    yield from (metric.no_data, metric.empty_text, metric.headline, metric.rows.lede, metric.rows.link_label)
    yield from (words for part in metric.parts for words in (part.label, *part.note))
    yield metric.beside.text if metric.beside else ""
    yield metric.likely_range.too_few if metric.likely_range else ""
    yield from (metric.first_step[1], *metric.gap_text)


def missing_words(program: Program, language: str, catalogs: Path = CATALOGS) -> set[str]:
    """Those a reader of this language would find in English; in English those no translator would find."""
    feature = ROOT / Path(*program.answer.lock.__module__.split(".")[:2])
    marked = _marked(ROOT / "portal") | _marked(feature)
    known = marked if language == SOURCE else _translated(catalogs, language)
    return declared_words(program) - known


@cache
def _marked(folder: Path) -> frozenset[str]:
    """For translators, in the files of a folder."""
    mapping = [("**.py", "portal.babel_extract:extract_messages")]
    found = extract_from_dir(str(folder), mapping, keywords=MARKS)
    messages = [message for _file, _line, message, _comments, _context in found]
    return frozenset(one for each in messages for one in ([each] if isinstance(each, str) else each))


def _translated(catalogs: Path, language: str) -> frozenset[str]:
    with (catalogs / language / "LC_MESSAGES" / "messages.po").open("rb") as stream:
        return frozenset(str(message.id) for message in read_po(stream) if message.id and message.string)

"""What the documents say of the tree is true: files they name exist, and every policy stands with its default."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import programs
from portal.blueprints import BLUEPRINTS
from portal.policies import POLICIES

DECLARED_IN = (BLUEPRINTS, programs)  # importing the pages and all that is declared declares every policy
ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)
DECISIONS = tuple(f"docs/decisions/{path.name}" for path in (ROOT / "docs/decisions").glob("*.md"))
PATH = re.compile(r"`((?:portal|jobs|tenants|templates|tests|migrations|docs)/[\w./-]*)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def named(document: str) -> Iterator[Path]:
    text = (ROOT / document).read_text()
    yield from (ROOT / path for path in PATH.findall(text))
    yield from ((ROOT / document).parent / link for link in LINK.findall(text))


@pytest.mark.parametrize("document", [*DOCUMENTS, *DECISIONS])
def test_every_file_that_a_document_names_exists(document: str) -> None:
    assert [str(path.relative_to(ROOT)) for path in named(document) if not path.resolve().exists()] == []


def test_the_domain_page_names_every_policy_with_its_default() -> None:
    assert all(DECLARED_IN)
    page = (ROOT / "docs/domain.md").read_text()
    rows = [f"| `{policy.name}` | {policy.default:,} |" for policy in POLICIES.values()]
    assert [row for row in rows if row not in page] == []

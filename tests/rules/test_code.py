"""The house rules a machine can see, so that reviews can be about the business."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path

import jinja2
from jinja2 import nodes

from portal.app import TEMPLATES
from portal.settings import Settings
from tests.figures.code_figures import long_template_lines

ROOT = Path(__file__).parents[2]
OURS = ("tenants", "portal", "jobs", "migrations", "templates", "tests", "tools")
HAND_WRITTEN = {".py", ".html", ".css", ".js", ".mjs", ".md"}
WORD = re.compile(r"[^\W\d_]{2,}")
IMPORT_IN_A_LINE = r"^(?!import |from ).*\bimport\b"  # those of the module begin their line


def hand_written(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in HAND_WRITTEN and not {"dist", "node_modules", "__pycache__"} & set(path.parts):
                yield path


def trees(containing: str = "") -> Iterator[tuple[str, ast.Module]]:
    """Files in whose text this pattern is found; parsing is dear, so a rule names the words it is broken with."""
    for path in hand_written("tenants", "portal", "jobs"):
        if path.suffix == ".py" and re.search(containing, text := path.read_text(), re.MULTILINE):
            yield str(path.relative_to(ROOT)), ast.parse(text)


def test_no_hand_written_file_is_over_300_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in hand_written(*OURS)
    }
    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}


def test_no_line_of_a_page_or_an_email_is_over_140_characters() -> None:
    assert long_template_lines(ROOT) == []


def test_imports_keep_to_the_floors_of_the_house() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    lint = subprocess.run([program], cwd=ROOT, check=False, capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout[-3000:]


def test_no_import_hides_in_a_function() -> None:
    functions = [
        (path, node.lineno)
        for path, tree in trees(IMPORT_IN_A_LINE)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert functions == []


def test_no_function_is_over_30_lines() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 30
    ]
    assert long == []


def test_nothing_but_its_own_start_imports_the_demo() -> None:
    """Contracts of import-linter say it of the packages; here the files beside them are looked at, too."""
    imports = re.compile(
        r"^\s*(from portal\.demo\b|import portal\.demo\b|from portal import .*\bdemo\b)", re.MULTILINE
    )
    paths = [*hand_written("tenants", "portal", "jobs", "migrations"), ROOT / "wsgi.py"]
    found = {str(path.relative_to(ROOT)) for path in paths if imports.search(path.read_text())}
    assert {path for path in found if not path.startswith("portal/demo/")} == {"jobs/demo.py", "wsgi.py"}


def test_only_the_unit_of_work_commits() -> None:
    commits = [
        path
        for path, tree in trees("commit")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit" and path != "tenants/database.py"
    ]
    assert commits == []


def test_business_time_is_asked_of_one_clock() -> None:
    clocks = re.compile(
        r"\bnow\(\)|\bCURRENT_(DATE|TIMESTAMP)\b|datetime\.(now|utcnow|today)\(|date\.today\(", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in hand_written("tenants", "portal", "jobs")
        if path.suffix == ".py" and path != ROOT / "tenants" / "clock.py"
        for line in path.read_text().splitlines()
        if clocks.search(line.replace("utc_now()", ""))
    ]
    assert found == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        path
        for path, tree in trees("environ|getenv")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and ast.unparse(node.value) == "os"
    }
    assert readers - {"portal/settings.py"} <= {
        path for path in readers if path.startswith(("portal/demo/", "portal/static/"))
    }


def test_the_readme_names_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [f.name.upper() for f in fields(Settings) if f"`{f.name.upper()}`" not in readme] == []


class Words(HTMLParser):
    """What a reader would read: text between tags, and attributes that are spoken or shown."""

    SPOKEN = frozenset({"alt", "aria-label", "placeholder", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += WORD.findall(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [w for name, value in attrs if name in self.SPOKEN for w in WORD.findall(value or "")]


def plain_words(template: Path) -> list[str]:
    """Words written into the page itself, past Babel."""
    source = re.sub(r"<(style|script)\b.*?</\1>", "", template.read_text(), flags=re.DOTALL)
    tree = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source)
    parts = (part for output in tree.find_all(nodes.Output) for part in output.nodes)
    reader = Words()
    reader.feed("".join(part.data if isinstance(part, nodes.TemplateData) else "h1" for part in parts))
    return [word for word in reader.found if word not in {"Goodword", "nbsp"}]


def test_every_word_of_a_page_goes_through_babel() -> None:
    written = {str(path.relative_to(TEMPLATES)): plain_words(path) for path in TEMPLATES.rglob("*.html")}
    assert {path: words for path, words in written.items() if words} == {}

"""`make lint` prints how long functions, views, files and template lines are, beside what we aim at."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("tenants", "portal", "jobs")
MAX_TEMPLATE_LINE = 140  # characters
MAX_FILE = 300  # lines
STANDARD_NAMES = (  # what they hold is the same in every feature; CONTRIBUTING.md says what it is
    "models",
    "queries",
    "actions",
    "forms",
    "views",
    "emails",
    "program",
    "labels",
    "policies",
    "lifecycles",
    "history_actions",
    "metrics",
    "attributes",
    "lists",
)
ENDINGS = tuple(f"_{name}" for name in STANDARD_NAMES)
ROUTE_METHODS = frozenset({"get", "post", "route"})


@dataclass(frozen=True)
class Figure:
    name: str
    value: str
    aim: str


@dataclass(frozen=True)
class Function:
    lines: int
    is_view: bool
    is_public: bool
    has_docstring: bool


def figures(root: Path = ROOT) -> list[Figure]:
    sources = {path: path.read_text() for path in python_files(root)}
    files = [len(text.splitlines()) for text in sources.values()]
    found = [one for text in sources.values() for one in functions(ast.parse(text))]
    public = [one for one in found if one.is_public]
    documented = sum(one.has_docstring for one in public)
    long, named = long_template_lines(root), standard_names(root / "portal")
    return [
        Figure("lines of a function, median / 90 %", spread([one.lines for one in found]), "6 / 15"),
        Figure(
            "lines of a view, median / 90 %", spread([one.lines for one in found if one.is_view]), "8 / 14"
        ),
        Figure("lines of a file, median / 90 %", spread(files), "70 / 180"),
        Figure("files of portal/ with a standard name", percent(named.exactly, named.all), ""),
        Figure("  or with one that ends so: call_views", percent(named.at_the_end, named.all), "40 %"),
        Figure(f"files over {MAX_FILE} lines", str(sum(lines > MAX_FILE for lines in files)), "0"),
        Figure("public functions with a docstring", percent(documented, len(public)), "17 %"),
        Figure(f"template lines over {MAX_TEMPLATE_LINE} characters", str(len(long)), "0"),
    ]


def python_files(root: Path) -> Iterator[Path]:
    """Empty files say nothing about length."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if path.stat().st_size and "node_modules" not in path.parts:
                yield path


class StandardNames(NamedTuple):
    exactly: int
    at_the_end: int  # those among them
    all: int


def standard_names(portal: Path) -> StandardNames:
    """Of every file below portal/, features and others alike, but `__init__` and what builds the stylesheets."""
    stems = [
        path.stem for path in portal.rglob("*.py") if path.stem != "__init__" and "static" not in path.parts
    ]
    exactly = sum(stem in STANDARD_NAMES for stem in stems)
    at_the_end = sum(f"_{stem}".endswith(ENDINGS) for stem in stems)
    return StandardNames(exactly, at_the_end, len(stems))


def long_template_lines(root: Path = ROOT) -> list[str]:
    """Where a page or an email has a line that nobody reads to its end: file and number."""
    return [
        f"{path.relative_to(root)}:{number}"
        for path in sorted((root / "templates").rglob("*.*"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > MAX_TEMPLATE_LINE
    ]


def functions(tree: ast.Module) -> Iterator[Function]:
    """From the line of `def` to the last one, docstring included; functions inside functions count in both."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(
                lines=(node.end_lineno or node.lineno) - node.lineno + 1,
                is_view=any(_is_route(each) for each in node.decorator_list),
                is_public=not node.name.startswith("_"),
                has_docstring=ast.get_docstring(node) is not None,
            )


def _is_route(decorator: ast.expr) -> bool:
    """@bp.get("/…") and its like."""
    call = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(call, ast.Attribute) and call.attr in ROUTE_METHODS and ast.unparse(call.value) == "bp"


def spread(lengths: Sequence[int]) -> str:
    return f"{percentile(lengths, 50)} / {percentile(lengths, 90)}"


def percentile(lengths: Sequence[int], share: int) -> int:
    """The smallest length that so many percent do not exceed; 0 of nothing."""
    ordered = sorted(lengths)
    return ordered[ceil(len(ordered) * share / 100) - 1] if ordered else 0


def percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "-"


def main() -> None:
    print(f"{'':<40}{'is':>10}{'aim':>10}")
    for one in figures():
        print(f"{one.name:<40}{one.value:>10}{one.aim:>10}")
    print(
        f"Standard names: {', '.join(STANDARD_NAMES)}. Every file of portal/ counts but __init__ and static."
    )


if __name__ == "__main__":
    main()

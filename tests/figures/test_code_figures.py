import ast
from pathlib import Path

from tests.figures.code_figures import Function, figures, functions, long_template_lines, percentile

SOURCE = '''
@bp.get("/")
@allow(Role.MANAGER)
def index():
    """The page."""
    return page()


def _helper(): return 1
'''


def test_a_view_is_a_function_with_a_route_and_is_counted_from_its_def() -> None:
    assert list(functions(ast.parse(SOURCE))) == [
        Function(lines=3, is_view=True, is_public=True, has_docstring=True),
        Function(lines=1, is_view=False, is_public=False, has_docstring=False),
    ]


def test_ninety_percent_are_not_longer_than_the_percentile() -> None:
    assert [percentile(range(1, 11), share) for share in (50, 90)] == [5, 9]
    assert percentile([], 50) == 0


def test_figures_of_a_tree_count_its_files_and_long_template_lines(tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "views.py").write_text(SOURCE)
    (tmp_path / "portal" / "web").mkdir()
    for name in ("account_views", "availability", "web/http"):
        (tmp_path / "portal" / f"{name}.py").touch()
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("x" * 140 + "\n" + "y" * 141 + "\n")
    (tmp_path / "templates" / "email.md").write_text("z" * 141)
    values = {one.name: one.value for one in figures(tmp_path)}
    assert values["lines of a function, median / 90 %"] == "1 / 3"
    assert values["lines of a view, median / 90 %"] == "3 / 3"
    assert values["public functions with a docstring"] == "100 %"
    assert values["files of portal/ with a standard name"] == "25 %"
    assert values["  or with one that ends so: call_views"] == "50 %"
    assert values["template lines over 140 characters"] == "2"
    assert long_template_lines(tmp_path) == ["templates/email.md:1", "templates/page.html:2"]

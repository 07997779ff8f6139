"""Raises the floor of `make coverage` in pyproject.toml to what was measured; it never lowers it."""

import re
import sys
from pathlib import Path

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
FLOOR = re.compile(r"^fail_under = (\d+)", re.MULTILINE)


def raised(text: str, measured: float) -> str:
    """The text of pyproject.toml with the higher of its floor and the whole percent measured."""
    return FLOOR.sub(lambda found: f"fail_under = {max(int(found[1]), int(measured))}", text)


def main(measured: str) -> None:
    before = PYPROJECT.read_text()
    after = raised(before, float(measured))
    if after != before:
        PYPROJECT.write_text(after)
        print(f"The floor in pyproject.toml is now {int(float(measured))} %. Commit it.")


if __name__ == "__main__":
    main(sys.argv[1])

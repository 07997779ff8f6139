"""Tabler's outline icons, drawn inline: no request of their own, in the color of the words beside them."""

import json
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

DRAWINGS = Path(__file__).parents[1] / "static" / "dist" / "icons.json"
FRAME = (
    '<svg class="gw-i%s" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-linecap="round" stroke-linejoin="round" %s>%s</svg>'
)


class NoSuchIcon(LookupError):
    """A page names an icon that the built assets do not hold."""


def icon(name: str, cls: str = "", label: object = None) -> Markup:
    """Draw an icon: decorative, unless it gets a label, which is read aloud."""
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    drawn = FRAME % (escape(f" {cls}" if cls else ""), spoken, drawing(name))
    return Markup(drawn)  # noqa: S704 - the drawing is our own built file, the rest is escaped


def drawing(name: str) -> str:
    try:
        return drawings()[name]
    except KeyError:
        raise NoSuchIcon(f"No icon is named {name!r}: see tabler.io/icons, then `make assets`.") from None


@cache
def drawings() -> dict[str, str]:
    if not DRAWINGS.exists():
        raise NoSuchIcon("The icons are not built yet: run `make assets`.")
    found: dict[str, str] = json.loads(DRAWINGS.read_text())
    return found

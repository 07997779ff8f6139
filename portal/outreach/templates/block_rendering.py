"""Content blocks of an email: as HTML in one workspace's colors, and as text."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.declarations.content_blocks import ContentBlock, VerificationCode
from portal.outreach.templates.colors import Palette, palette

TEMPLATES = Path(__file__).parents[3] / "templates"
LAYOUT_MACROS = "layouts/email_rows.html"
CACHE_SIZE = 1000


@lru_cache
def jinja_environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=CACHE_SIZE)
def layout_macros(colors: Palette) -> Any:
    return jinja_environment().get_template(LAYOUT_MACROS).make_module({"colors": colors})


def html_and_text(block: ContentBlock, accent: str) -> tuple[str, str]:
    """Render a block, cached for a campaign; a code is a secret and never cached."""
    return (
        _html_and_text(block, accent)
        if isinstance(block, VerificationCode)
        else _cached_html_and_text(block, accent)
    )


def _html_and_text(block: ContentBlock, accent: str) -> tuple[str, str]:
    return block.html(layout_macros(palette(accent))), f"\n\n{block.text()}"


_cached_html_and_text = lru_cache(maxsize=CACHE_SIZE)(_html_and_text)

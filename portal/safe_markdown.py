"""Markdown that members write for pages: what an event is about. HTML and pictures stay text, links are marked."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

LONGEST = 20_000  # characters; brackets left open in more would take seconds
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4"}  # a page has a title and sections of its own
PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 8})
PARSER.disable(["html_block", "html_inline", "image", "code", "fence"])


@lru_cache(maxsize=256)
def safe_markdown(text: str) -> Markup:
    tokens = PARSER.parse(text[:LONGEST])
    for token in tokens:
        _tame(token)
    return Markup(PARSER.renderer.render(tokens, PARSER.options, {}))  # noqa: S704 (escaped by the parser)


def _tame(token: Token) -> None:
    token.tag = HEADINGS.get(token.tag, token.tag)
    for child in token.children or []:
        if child.type == "link_open":
            child.attrSet("rel", "noreferrer noopener")


def plain_words(text: str, at_most: int = 200) -> str:
    """The first words without marks, for a line under a title."""
    inline = (token for token in PARSER.parse(text[:LONGEST]) if token.type == "inline")
    words = " ".join("".join(child.content or " " for child in token.children or []) for token in inline)
    words = " ".join(words.split())
    return words if len(words) <= at_most else words[:at_most].rpartition(" ")[0] + "…"

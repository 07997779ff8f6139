"""An email's Markdown, cut into the rows of its HTML. Pictures and HTML are not emails' business: they stay text.

Fields arrive here as tags (portal.gateways.mail.placeholder), which Markdown leaves alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token
from markupsafe import Markup


def _image_as_text(state: StateInline, silent: bool) -> bool:
    """A picture is read as one, so that no part of it becomes a link, and is said as it was typed."""
    start = state.pos
    if not image(state, silent):
        return False
    if not silent:
        state.tokens.pop()
        state.pending = state.src[start : state.pos]
    return True


class TooComplex(Exception):
    """Somebody left so many brackets open that looking for their ends would take minutes."""


class _BoundedParser(ParserInline):
    """Counts the looks ahead, of which each open bracket takes one at everything behind it."""

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 (the parser's name)
        looks = state.env["looks"] = state.env.get("looks", 0) + 1
        if looks > state.env.get("most looks", looks):
            raise TooComplex
        super().skipToken(state)


PARSER = MarkdownIt()
PARSER.inline = _BoundedParser()
PARSER.inline.terminator_re = re.compile(r"[\n\\`*_\[\]<&]|!(?=\[)")  # only these begin anything in an email
PARSER.configure("commonmark", {"html": False, "breaks": False}).disable(["html_block", "code", "fence"])
PARSER.inline.ruler.at("image", _image_as_text)
RENDERER = RendererHTML()
PARAGRAPH_GAP = 5  # pixels more between paragraphs than around everything else
LISTS = {"bullet_list_open": "ul", "ordered_list_open": "ol"}


@dataclass(frozen=True)
class LayoutRow:
    """A row as HTML and as lines of text."""

    html: str
    text: str


def markdown_rows(body: str, macros: Any, link_style: str) -> list[LayoutRow]:
    """Convert every block; `macros` is the module of email_rows.html."""
    rows, before = [], ""
    for block in _blocks(PARSER.parse(body)):
        rows.append(_row(block, before, macros, link_style))
        before = block[0].type
    return rows


def link_targets(body: str, max_lookaheads: int) -> Iterator[str]:
    """Yield where links lead. Raise TooComplex."""
    for block in PARSER.parse(body, {"most looks": max_lookaheads}):
        for child in block.children or []:
            if child.type == "link_open":
                yield str(child.attrGet("href"))


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each block on the outermost level."""
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _row(block: list[Token], before: str, macros: Any, link_style: str) -> LayoutRow:
    first = block[0].type
    if first == "heading_open":
        return LayoutRow(str(macros.heading(_html(block[1], link_style))), _text(block[1]))
    if first == "hr":
        return LayoutRow(str(macros.divider()), "-" * 20)
    if first in LISTS:
        return _list(block, macros, link_style)
    if first == "blockquote_open":
        return _quote(block, macros, link_style)
    return _paragraph(block[1], PARAGRAPH_GAP if before == first else 0, macros, link_style)


def _paragraph(inline: Token, above: int, macros: Any, link_style: str) -> LayoutRow:
    """Words; those wholly in *emphasis* are said quietly."""
    children = inline.children or []
    if len(children) > 1 and children[0].type == "em_open" and children[-1].type == "em_close":
        whole = sum(child.type == "em_open" for child in children) == 1
        if whole:
            return LayoutRow(
                str(macros.small_print(_inline_html(children[1:-1], link_style))), _plain_text(children[1:-1])
            )
    return LayoutRow(str(macros.paragraph(_html(inline, link_style), above)), _text(inline))


def _list(block: list[Token], macros: Any, link_style: str) -> LayoutRow:
    lines = [token for token in block if token.type == "inline"]
    first = int(block[0].attrGet("start") or 1)
    ordered = block[0].type == "ordered_list_open"
    marks = [f"{number}." if ordered else "-" for number in range(first, first + len(lines))]
    html = str(macros.bullets([_html(line, link_style) for line in lines]))
    if ordered:
        html = html.replace("<ul", f'<ol start="{first}"').replace("</ul>", "</ol>")
    return LayoutRow(
        html, "\n".join(f"{mark} {_text(line)}" for mark, line in zip(marks, lines, strict=True))
    )


def _quote(block: list[Token], macros: Any, link_style: str) -> LayoutRow:
    """Somebody's words keep their lines."""
    said = [token for token in block if token.type == "inline"]
    html = Markup("\n\n").join(_html(each, link_style) for each in said).replace("<br />\n", "\n")
    text = "\n\n".join(_plain_text(each.children or [], "\n") for each in said)
    return LayoutRow(str(macros.quotation(html)), "\n".join(f"> {line}" for line in text.splitlines()))


def _html(inline: Token, link_style: str) -> Markup:
    return _inline_html(inline.children or [], link_style)


def _inline_html(children: Sequence[Token], link_style: str) -> Markup:
    for child in children:
        if child.type == "link_open":
            child.attrSet("class", "lt-link")
            child.attrSet("style", link_style)
    return Markup(RENDERER.renderInline(children, PARSER.options, {}))  # noqa: S704 (escaped by the parser)


def _text(inline: Token) -> str:
    return _plain_text(inline.children or [])


def _plain_text(children: Sequence[Token], line_break: str = " ") -> str:
    """The same words without marks; a link is followed by its address."""
    parts: list[str] = []
    address = ""
    for child in children:
        if child.type == "link_open":
            address = str(child.attrGet("href") or "")
        elif child.type == "link_close":
            parts.append(f" ({address})" if "".join(parts[-1:]) != address else "")
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n" if child.type == "hardbreak" else line_break)
        else:
            parts.append(child.content)
    return "".join(parts)

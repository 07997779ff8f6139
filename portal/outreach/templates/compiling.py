"""From a letter's text to paper with blanks: done once for a text and a brand, whatever the number of readers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from portal.gateways.mail import TAG, Paper, tag
from portal.outreach.colours import palette
from portal.outreach.kinds import LetterKind
from portal.outreach.templates.blocks import environment, rows
from portal.outreach.templates.catalogue import fields_of
from portal.outreach.templates.defaults import Words
from portal.outreach.templates.fields import Field, Shape
from portal.outreach.templates.markdown import Row, rows_of
from portal.outreach.templates.parsing import BLANK, BUTTON
from portal.outreach.wording import translations
from portal.regions import shown

FRAME = "layouts/letter.html"
OPEN_THIS = shown("Or open this link:")
FOOTER = "footer links"  # no field of the text can be called so


@dataclass(frozen=True)
class Brand:
    name: str
    accent: str
    logo: str  # its whole address, or empty
    postal: str


@dataclass(frozen=True)
class Optional:
    """A row that leaves no hole: it is there when the field is."""

    name: str
    on: str  # the field's name
    row: Row


@dataclass
class Sheet:
    """Paper, and what must be worked out for each reader."""

    fields: dict[str, Field]
    inline: set[str] = field(default_factory=set)  # names of fields that stand in words
    blocks: set[str] = field(default_factory=set)
    optional: list[Optional] = field(default_factory=list)
    in_subject: set[str] = field(default_factory=set)
    paper: Paper = field(default_factory=lambda: Paper(subject="", text="", html=""))


def html_tag(name: str) -> str:
    return tag(f"{name.replace(' ', '_')}_h")


def text_tag(name: str) -> str:
    return tag(f"{name.replace(' ', '_')}_t")


@lru_cache(maxsize=500)
def compiled(kind: LetterKind, words: Words, brand: Brand, locale: str) -> Sheet:
    """Raises KeyError for a field that the kind does not know: `parsing.problems` says it to people."""
    sheet = Sheet(dict(fields_of(kind)))
    lines = [row for part in _parts(sheet, words.body) for row in _of_part(sheet, part, brand, locale)]
    sheet.in_subject = set(BLANK.findall(words.subject))
    sheet.inline |= {
        name for part in (words.subject, words.preheader, words.why) for name in BLANK.findall(part)
    }
    sheet.paper = Paper(
        subject=_text(words.subject),
        text="".join(row.text for row in lines).strip() + _signed(words.why, brand),
        html=_framed(words, brand, locale, "".join(row.html for row in lines)),
    )
    return sheet


def _parts(sheet: Sheet, body: str) -> Iterator[str]:
    """Fields and buttons that stand alone, and between them what Markdown reads in one piece."""
    ordinary: list[str] = []
    for paragraph in body.replace("\r\n", "\n").split("\n\n"):
        if _stands_alone(sheet, paragraph):
            yield "\n\n".join(ordinary)
            yield paragraph
            ordinary = []
        else:
            ordinary.append(paragraph)
    yield "\n\n".join(ordinary)


def _stands_alone(sheet: Sheet, paragraph: str) -> bool:
    alone, button = BLANK.fullmatch(paragraph.strip()), BUTTON.fullmatch(paragraph.strip())
    if alone:
        its = sheet.fields[alone[1]]
        return its.shape is Shape.BLOCK or its.optional
    return bool(button and sheet.fields[button[2]].shape is Shape.LINK)


def _of_part(sheet: Sheet, part: str, brand: Brand, locale: str) -> Iterator[Row]:
    if not _stands_alone(sheet, part):
        sheet.inline |= set(BLANK.findall(part))
        yield from (_spaced(row) for row in _markdown(part, brand))
    elif button := BUTTON.fullmatch(part.strip()):
        yield _button(sheet, button[1], sheet.fields[button[2]], brand, locale)
    else:
        yield _own_row(sheet, sheet.fields[BLANK.findall(part)[0]], brand)


def _own_row(sheet: Sheet, its: Field, brand: Brand) -> Row:
    if its.shape is Shape.BLOCK:
        sheet.blocks.add(its.name)
        return Row(html_tag(f"row {its.name}"), text_tag(f"row {its.name}"))
    paper = rows(palette(brand.accent))
    row = Row(str(paper.words(Markup(html_tag(its.name)))), text_tag(its.name))  # noqa: S704 (a tag)
    return _if_there(sheet, f"row {its.name}", its, row)


def _button(sheet: Sheet, label: str, to: Field, brand: Brand, locale: str) -> Row:
    paper, address = rows(palette(brand.accent)), Markup(html_tag(to.name))  # noqa: S704 (a tag)
    sheet.inline |= set(BLANK.findall(label)) | {to.name}
    words = escape(translations(locale).gettext(OPEN_THIS))
    html = str(paper.button(_marked(label), address)) + str(paper.plain_link(words, address))
    row = Row(html, f"{_text(label)}:\n{text_tag(to.name)}")
    name = f"button {len(sheet.optional)} {to.name}"
    return _if_there(sheet, name, to, row) if to.optional else _spaced(row)


def _if_there(sheet: Sheet, name: str, its: Field, row: Row) -> Row:
    sheet.inline.add(its.name)
    sheet.optional.append(Optional(name, its.name, _spaced(row)))
    return Row(html_tag(name), text_tag(name))


def _markdown(paragraph: str, brand: Brand) -> list[Row]:
    """Each field becomes a tag before Markdown reads the words, and the tag of its side afterwards."""
    style = f"color:{palette(brand.accent).link};text-decoration:underline;"
    tagged = BLANK.sub(lambda found: tag(f"{found[1]}_x"), paragraph)
    return [
        Row(_sided(row.html, "h"), _sided(row.text, "t"))
        for row in rows_of(tagged, rows(palette(brand.accent)), style)
    ]


def _sided(text: str, side: str) -> str:
    return TAG.sub(lambda found: f"{found[0][: -len('x-gw')]}{side}-gw", text)


def _signed(why: str, brand: Brand) -> str:
    return f"\n\n-- \n{_text(why)}{text_tag(FOOTER)}\n{brand.postal}\n"


def _framed(words: Words, brand: Brand, locale: str, lines: str) -> str:
    known: dict[str, Any] = {
        "locale": locale,
        "workspace": brand.name,
        "colours": palette(brand.accent),
        "logo": brand.logo,
        "postal": brand.postal,
        "subject": _marked(words.subject),
        "preheader": _marked(words.preheader),
        "why": _marked(words.why),
        "rows": Markup(lines),  # noqa: S704 (escaped, row by row)
        "footer": Markup(html_tag(FOOTER)),  # noqa: S704 (a tag)
    }
    return environment().get_template(FRAME).render(known)


def _marked(text: str) -> Markup:
    """Words for HTML, with tags for fields."""
    return Markup(BLANK.sub(lambda found: html_tag(found[1]), str(escape(text))))  # noqa: S704 (escaped)


def _text(text: str) -> str:
    return BLANK.sub(lambda found: text_tag(found[1]), text)


def _spaced(row: Row) -> Row:
    return Row(row.html, f"\n\n{row.text}")

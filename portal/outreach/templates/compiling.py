"""From a letter's text to paper with blanks: done once for a text and a brand, whatever the number of readers."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
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
CHOOSE, STOP = shown("Choose what we may ask"), shown("Stop these letters")
LARGEST = 100_000  # bytes; mail apps cut what is longer
TOO_LARGE = shown("This letter would be %(size)d kB large. Mail apps cut letters off at 100 kB.")
FOOTER = "footer links"  # no field of the text can be called so


@dataclass(frozen=True)
class Brand:
    name: str
    accent: str
    logo: str  # its whole address, or empty
    postal: str


@dataclass(frozen=True)
class Slot:
    """A field, and the tags that stand for it."""

    field: Field
    html: str
    text: str
    is_link: bool


@dataclass(frozen=True)
class Form:
    """A piece of paper that is filled by itself: `html % blanks`."""

    html: str
    text: str


@dataclass(frozen=True)
class Optional:
    """A row that leaves no hole: it is there when the field is."""

    html: str  # its tags
    text: str
    on: str  # the field's tag
    row: Form


@dataclass
class Sheet:
    """Paper, and what must be worked out for each reader; everything else was worked out already."""

    fields: Mapping[str, Field]
    inline: dict[str, Slot] = field(default_factory=dict)  # fields that stand in words, in order
    blocks: dict[str, Slot] = field(default_factory=dict)
    optional: list[Optional] = field(default_factory=list)
    in_subject: list[Slot] = field(default_factory=list)
    choose: Form = Form("", "")
    stop: Form = Form("", "")
    paper: Paper = field(default_factory=lambda: Paper(subject="", text="", html=""))
    between: list[str] = field(default_factory=list)  # tags of rows that are filled by themselves

    def mention(self, *texts: str) -> list[Slot]:
        """Whatever fields stand in these words. Raises KeyError for one that the kind does not know."""
        found = [_slot(self.fields[name]) for text in texts for name in BLANK.findall(text)]
        self.inline |= {slot.field.name: slot for slot in found}
        return found

    @property
    def tags(self) -> set[str]:
        return {side for slot in self.inline.values() for side in (slot.html, slot.text)}

    @property
    def wanted(self) -> set[str]:
        return set(TAG.findall(self.paper.subject + self.paper.text + self.paper.html))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """How often each tag stands in the HTML."""
        return Counter(TAG.findall(self.paper.html))

    @cached_property
    def bare(self) -> int:
        """Bytes of the HTML before its blanks are filled."""
        return len(TAG.sub("", self.paper.html).encode(errors="replace"))

    def size(self, blanks: Mapping[str, str]) -> int:
        """Bytes of the HTML for one reader, without writing it."""
        filled = (times * len(blanks[tag].encode(errors="replace")) for tag, times in self.places.items())
        return self.bare + sum(filled)

    @cached_property
    def roomy(self) -> int:
        """Signs that all blanks of a reader may have together before anybody needs to count bytes."""
        return (LARGEST - self.bare) // (4 * max(self.places.values(), default=1))

    def is_too_large(self, blanks: Mapping[str, str]) -> bool:
        return sum(map(len, blanks.values())) > self.roomy and self.size(blanks) > LARGEST


def html_tag(name: str) -> str:
    return tag(f"{name.replace(' ', '_')}_h")


def text_tag(name: str) -> str:
    return tag(f"{name.replace(' ', '_')}_t")


FOOTER_HTML, FOOTER_TEXT = html_tag(FOOTER), text_tag(FOOTER)


@lru_cache(maxsize=500)
def compiled(kind: LetterKind, words: Words, brand: Brand, locale: str) -> Sheet:
    """Raises KeyError for a field that the kind does not know: `parsing.problems` says it to people."""
    sheet = Sheet(fields_of(kind))
    sheet.in_subject = sheet.mention(words.subject)
    sheet.mention(words.preheader, words.why)
    sheet.choose, sheet.stop = (_footer_link(*link, brand, locale) for link in ((" ", CHOOSE), (" · ", STOP)))
    parts = list(_parts(sheet, words.body))
    lines = [row for part, alone in parts for row in _of_part(sheet, part, alone, brand, locale)]
    sheet.paper = Paper(
        subject=_text(words.subject),
        text="".join(row.text for row in lines).strip() + _signed(words.why, brand),
        html=_framed(words, brand, locale, "".join(row.html for row in lines)),
    )
    sheet.between = sorted(sheet.tags - sheet.wanted)
    return sheet


def _parts(sheet: Sheet, body: str) -> Iterator[tuple[str, bool]]:
    """Fields and buttons that stand alone (True), and between them what Markdown reads in one piece."""
    ordinary: list[str] = []
    lines = ["", *body.splitlines(), ""]
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if _stands_alone(sheet, line.strip(), is_paragraph=not (before.strip() or after.strip())):
            yield "\n".join(ordinary), False
            yield line.strip(), True
            ordinary = []
        else:
            ordinary.append(line)
    yield "\n".join(ordinary), False


def _stands_alone(sheet: Sheet, line: str, *, is_paragraph: bool) -> bool:
    """Blocks and buttons on a line of their own; words that may be missing in a paragraph of their own."""
    if alone := BLANK.fullmatch(line):
        its = sheet.fields[alone[1]]
        return its.shape is Shape.BLOCK or (its.optional and is_paragraph)
    button = BUTTON.fullmatch(line)
    return bool(button and sheet.fields[button[2]].shape is Shape.LINK)


def _of_part(sheet: Sheet, part: str, is_alone: bool, brand: Brand, locale: str) -> Iterator[Row]:
    if not is_alone:
        sheet.mention(part)
        yield from (_spaced(row) for row in _markdown(part, brand))
    elif button := BUTTON.fullmatch(part):
        yield _button(sheet, button[1].strip(), sheet.fields[button[2]], brand, locale)
    else:
        yield _own_row(sheet, sheet.fields[BLANK.findall(part)[0]], brand)


def _own_row(sheet: Sheet, its: Field, brand: Brand) -> Row:
    if its.shape is Shape.BLOCK:
        slot = sheet.blocks[its.name] = _slot(its, f"row {its.name}")
        return Row(slot.html, slot.text)
    (slot,) = sheet.mention(f"{{{{{its.name}}}}}")
    row = Row(str(rows(palette(brand.accent)).words(Markup(slot.html))), slot.text)  # noqa: S704 (a tag)
    return _if_there(sheet, f"row {its.name}", slot, row)


def _button(sheet: Sheet, label: str, to: Field, brand: Brand, locale: str) -> Row:
    *_, slot = sheet.mention(label, f"{{{{{to.name}}}}}")
    paper, address = rows(palette(brand.accent)), Markup(slot.html)  # noqa: S704 (a tag)
    words = translations(locale).gettext(OPEN_THIS)
    html = str(paper.button(_marked(label), address)) + str(paper.plain_link(words, address))
    row = Row(html, f"{_text(label)}:\n{slot.text}")
    name = f"button {len(sheet.optional)} {to.name}"
    return _if_there(sheet, name, slot, row) if to.optional else _spaced(row)


def _if_there(sheet: Sheet, name: str, on: Slot, row: Row) -> Row:
    html, text = html_tag(name), text_tag(name)
    sheet.optional.append(Optional(html, text, on.text, _form(_spaced(row))))
    return Row(html, text)


def _footer_link(before: str, words: str, brand: Brand, locale: str) -> Form:
    """With one place for the address, which differs from reader to reader."""
    said, place = translations(locale).gettext(words), tag("address")
    html = str(rows(palette(brand.accent)).footer_link(before, said, Markup(place)))  # noqa: S704 (a tag)
    form = _form(Row(html, f"\n{said}: {place}"))
    return Form(*(side.replace(f"({place})", "") for side in (form.html, form.text)))


def _slot(its: Field, name: str = "") -> Slot:
    name = name or its.name
    return Slot(its, html_tag(name), text_tag(name), its.shape is Shape.LINK)


def _form(row: Row) -> Form:
    return Form(*(TAG.sub(r"%(\g<0>)s", side.replace("%", "%%")) for side in (row.html, row.text)))


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
    return f"\n\n-- \n{_text(why)}{FOOTER_TEXT}\n{brand.postal}\n"


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
        "footer": Markup(FOOTER_HTML),  # noqa: S704 (a tag)
    }
    return environment().get_template(FRAME).render(known)


def _marked(text: str) -> Markup:
    """Words for HTML, with tags for fields."""
    return Markup(BLANK.sub(lambda found: html_tag(found[1]), str(escape(text))))  # noqa: S704 (escaped)


def _text(text: str) -> str:
    return BLANK.sub(lambda found: text_tag(found[1]), text)


def _spaced(row: Row) -> Row:
    return Row(row.html, f"\n\n{row.text}")

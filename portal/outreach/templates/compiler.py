"""Compiles an email template to HTML with placeholders: once for a text and a brand, for any number of recipients."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from markupsafe import Markup, escape

from portal.declarations.email_kinds import EmailKind
from portal.declarations.merge_fields import MergeField, MergeFieldType
from portal.gateways.mail import PLACEHOLDER, MessageTemplate, placeholder
from portal.i18n import mark
from portal.outreach.templates.block_rendering import jinja_environment, layout_macros
from portal.outreach.templates.colors import palette
from portal.outreach.templates.common_fields import merge_fields_of
from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.formatting import translations
from portal.outreach.templates.markdown import LayoutRow, markdown_rows
from portal.outreach.templates.validation import BUTTON_LINK, FIELD_TAG

LAYOUT = "layouts/email.html"
OPEN_LINK_TEXT = mark("Or open this link:")
PREFERENCES_TEXT, UNSUBSCRIBE_TEXT = mark("Choose what we may ask"), mark("Stop these emails")
MAX_EMAIL_BYTES = 100_000  # bytes; mail apps cut what is longer
TOO_LARGE = mark("This email would be %(size)d kB. Email apps cut emails off at 100 kB.")
FOOTER = "footer links"  # no field of the text can be called so


@dataclass(frozen=True)
class EmailBrand:
    name: str
    accent: str
    logo: str  # its whole address, or empty
    postal_address: str


@dataclass(frozen=True)
class Placeholder:
    """A field, and the tags that stand for it."""

    field: MergeField
    html: str
    text: str
    is_link: bool


@dataclass(frozen=True)
class RowTemplate:
    """A piece of HTML that is filled by itself: `html % blanks`."""

    html: str
    text: str


@dataclass(frozen=True)
class OptionalRow:
    """A row that is there when its field is, and leaves no gap."""

    html: str  # its tags
    text: str
    field_tag: str  # the field's tag
    template: RowTemplate


@dataclass
class CompiledTemplate:
    """An email template in which everything is worked out except what differs between recipients."""

    fields: Mapping[str, MergeField]
    inline_fields: dict[str, Placeholder] = field(
        default_factory=dict
    )  # fields that stand in words, in order
    block_fields: dict[str, Placeholder] = field(default_factory=dict)
    optional_rows: list[OptionalRow] = field(default_factory=list)
    subject_fields: list[Placeholder] = field(default_factory=list)
    preferences_link: RowTemplate = RowTemplate("", "")
    unsubscribe_link: RowTemplate = RowTemplate("", "")
    message_template: MessageTemplate = field(
        default_factory=lambda: MessageTemplate(subject="", text="", html="")
    )
    row_tags: list[str] = field(default_factory=list)  # tags of rows that are filled by themselves

    def collect_fields(self, *texts: str) -> list[Placeholder]:
        """Return the fields in use; raise KeyError for one that the kind does not know."""
        placeholders = [_placeholder(self.fields[name]) for text in texts for name in FIELD_TAG.findall(text)]
        self.inline_fields |= {slot.field.name: slot for slot in placeholders}
        return placeholders

    @property
    def tags(self) -> set[str]:
        return {side for slot in self.inline_fields.values() for side in (slot.html, slot.text)}

    @property
    def used_tags(self) -> set[str]:
        return set(
            PLACEHOLDER.findall(
                self.message_template.subject + self.message_template.text + self.message_template.html
            )
        )

    @cached_property
    def tag_counts(self) -> Mapping[str, int]:
        return Counter(PLACEHOLDER.findall(self.message_template.html))

    @cached_property
    def base_size(self) -> int:
        return len(PLACEHOLDER.sub("", self.message_template.html).encode(errors="replace"))

    def size_for(self, values: Mapping[str, str]) -> int:
        filled = (times * len(values[tag].encode(errors="replace")) for tag, times in self.tag_counts.items())
        return self.base_size + sum(filled)

    @cached_property
    def safe_length(self) -> int:
        """Return how long all values of a reader may be before anybody needs to count bytes."""
        return (MAX_EMAIL_BYTES - self.base_size) // (4 * max(self.tag_counts.values(), default=1))

    def is_too_large(self, values: Mapping[str, str]) -> bool:
        return sum(map(len, values.values())) > self.safe_length and self.size_for(values) > MAX_EMAIL_BYTES


def html_tag(name: str) -> str:
    return placeholder(f"{name.replace(' ', '_')}_h")


def text_tag(name: str) -> str:
    return placeholder(f"{name.replace(' ', '_')}_t")


FOOTER_HTML, FOOTER_TEXT = html_tag(FOOTER), text_tag(FOOTER)


@lru_cache(maxsize=500)
def compile_template(
    kind: EmailKind, content: TemplateContent, brand: EmailBrand, locale: str
) -> CompiledTemplate:
    """Compile; raise KeyError for an unknown field, which `validation.find_problems` puts into words."""
    compiled = CompiledTemplate(merge_fields_of(kind))
    compiled.subject_fields = compiled.collect_fields(content.subject)
    compiled.collect_fields(content.preheader, content.reason)
    compiled.preferences_link, compiled.unsubscribe_link = (
        _footer_link(*link, brand, locale) for link in ((" ", PREFERENCES_TEXT), (" · ", UNSUBSCRIBE_TEXT))
    )
    parts = list(_split_body(compiled, content.body))
    lines = [row for part, alone in parts for row in _rows_of_part(compiled, part, alone, brand, locale)]
    compiled.message_template = MessageTemplate(
        subject=_text_with_tags(content.subject),
        text="".join(row.text for row in lines).strip() + _text_footer(content.reason, brand),
        html=_in_layout(content, brand, locale, "".join(row.html for row in lines)),
    )
    compiled.row_tags = sorted(compiled.tags - compiled.used_tags)
    return compiled


def _split_body(compiled: CompiledTemplate, body: str) -> Iterator[tuple[str, bool]]:
    """Fields and buttons that stand alone (True), and between them what Markdown reads in one piece."""
    ordinary: list[str] = []
    lines = ["", *body.splitlines(), ""]
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if _stands_alone(compiled, line.strip(), is_paragraph=not (before.strip() or after.strip())):
            yield "\n".join(ordinary), False
            yield line.strip(), True
            ordinary = []
        else:
            ordinary.append(line)
    yield "\n".join(ordinary), False


def _stands_alone(compiled: CompiledTemplate, line: str, *, is_paragraph: bool) -> bool:
    """Tell whether a line is a block, a button, or an optional field in a paragraph of its own."""
    if alone := FIELD_TAG.fullmatch(line):
        its = compiled.fields[alone[1]]
        return its.type is MergeFieldType.BLOCK or (its.optional and is_paragraph)
    button = BUTTON_LINK.fullmatch(line)
    return bool(button and compiled.fields[button[2]].type is MergeFieldType.LINK)


def _rows_of_part(
    compiled: CompiledTemplate, part: str, is_alone: bool, brand: EmailBrand, locale: str
) -> Iterator[LayoutRow]:
    if not is_alone:
        compiled.collect_fields(part)
        yield from (_with_blank_line(row) for row in _markdown(part, brand))
    elif button := BUTTON_LINK.fullmatch(part):
        yield _button(compiled, button[1].strip(), compiled.fields[button[2]], brand, locale)
    else:
        yield _field_row(compiled, compiled.fields[FIELD_TAG.findall(part)[0]], brand)


def _field_row(compiled: CompiledTemplate, merge_field: MergeField, brand: EmailBrand) -> LayoutRow:
    if merge_field.type is MergeFieldType.BLOCK:
        slot = compiled.block_fields[merge_field.name] = _placeholder(merge_field, f"row {merge_field.name}")
        return LayoutRow(slot.html, slot.text)
    (slot,) = compiled.collect_fields(f"{{{{{merge_field.name}}}}}")
    row = LayoutRow(str(layout_macros(palette(brand.accent)).paragraph(Markup(slot.html))), slot.text)  # noqa: S704 (a tag)
    return _optional_row(compiled, f"row {merge_field.name}", slot, row)


def _button(
    compiled: CompiledTemplate, label: str, to: MergeField, brand: EmailBrand, locale: str
) -> LayoutRow:
    *_, slot = compiled.collect_fields(label, f"{{{{{to.name}}}}}")
    layout, address = layout_macros(palette(brand.accent)), Markup(slot.html)  # noqa: S704 (a tag)
    words = translations(locale).gettext(OPEN_LINK_TEXT)
    html = str(layout.button(_html_with_tags(label), address)) + str(layout.plain_link(words, address))
    row = LayoutRow(html, f"{_text_with_tags(label)}:\n{slot.text}")
    name = f"button {len(compiled.optional_rows)} {to.name}"
    return _optional_row(compiled, name, slot, row) if to.optional else _with_blank_line(row)


def _optional_row(
    compiled: CompiledTemplate, name: str, placeholder: Placeholder, row: LayoutRow
) -> LayoutRow:
    html, text = html_tag(name), text_tag(name)
    compiled.optional_rows.append(
        OptionalRow(html, text, placeholder.text, _row_template(_with_blank_line(row)))
    )
    return LayoutRow(html, text)


def _footer_link(before: str, label: str, brand: EmailBrand, locale: str) -> RowTemplate:
    """Return a link with one placeholder, for the address, which differs from reader to reader."""
    label_text, address = translations(locale).gettext(label), placeholder("address")
    html = str(layout_macros(palette(brand.accent)).footer_link(before, label_text, Markup(address)))  # noqa: S704 (a tag)
    form = _row_template(LayoutRow(html, f"\n{label_text}: {address}"))
    return RowTemplate(*(side.replace(f"({address})", "") for side in (form.html, form.text)))


def _placeholder(merge_field: MergeField, name: str = "") -> Placeholder:
    name = name or merge_field.name
    return Placeholder(merge_field, html_tag(name), text_tag(name), merge_field.type is MergeFieldType.LINK)


def _row_template(row: LayoutRow) -> RowTemplate:
    return RowTemplate(
        *(PLACEHOLDER.sub(r"%(\g<0>)s", side.replace("%", "%%")) for side in (row.html, row.text))
    )


def _markdown(paragraph: str, brand: EmailBrand) -> list[LayoutRow]:
    """Turn fields into tags before Markdown reads the text, and into the tags of each side afterward."""
    style = f"color:{palette(brand.accent).link};text-decoration:underline;"
    tagged = FIELD_TAG.sub(lambda found: placeholder(f"{found[1]}_x"), paragraph)
    return [
        LayoutRow(_tags_of_side(row.html, "h"), _tags_of_side(row.text, "t"))
        for row in markdown_rows(tagged, layout_macros(palette(brand.accent)), style)
    ]


def _tags_of_side(text: str, side: str) -> str:
    return PLACEHOLDER.sub(lambda found: f"{found[0][: -len('x-gw')]}{side}-gw", text)


def _text_footer(reason: str, brand: EmailBrand) -> str:
    return f"\n\n-- \n{_text_with_tags(reason)}{FOOTER_TEXT}\n{brand.postal_address}\n"


def _in_layout(content: TemplateContent, brand: EmailBrand, locale: str, lines: str) -> str:
    known: dict[str, Any] = {
        "locale": locale,
        "workspace": brand.name,
        "colors": palette(brand.accent),
        "logo": brand.logo,
        "postal_address": brand.postal_address,
        "subject": _html_with_tags(content.subject),
        "preheader": _html_with_tags(content.preheader),
        "reason": _html_with_tags(content.reason),
        "rows": Markup(lines),  # noqa: S704 (escaped, row by row)
        "footer": Markup(FOOTER_HTML),  # noqa: S704 (a tag)
    }
    return jinja_environment().get_template(LAYOUT).render(known)


def _html_with_tags(text: str) -> Markup:
    """Words for HTML, with tags for fields."""
    return Markup(FIELD_TAG.sub(lambda found: html_tag(found[1]), str(escape(text))))  # noqa: S704 (escaped)


def _text_with_tags(text: str) -> str:
    return FIELD_TAG.sub(lambda found: text_tag(found[1]), text)


def _with_blank_line(row: LayoutRow) -> LayoutRow:
    return LayoutRow(row.html, f"\n\n{row.text}")

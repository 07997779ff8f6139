"""Values of one recipient's tags: worked out for what the template asks for and nothing else.

A hundred thousand emails go through here one after the other, so what is the same for all of them is worked
out once.
"""

import re

from markupsafe import escape

from portal.declarations.email_content import refuse_line_breaks
from portal.gateways.mail import substitute
from portal.outreach.templates.block_rendering import html_and_text
from portal.outreach.templates.compiler import (
    FOOTER_HTML,
    FOOTER_TEXT,
    CompiledTemplate,
    EmailBrand,
    Placeholder,
)
from portal.outreach.templates.merge_context import EmailMergeContext

TIME_WITH_ZONE = re.compile(r"(\d:\d\d) (?=[A-Z])")


def merge_values(compiled: CompiledTemplate, context: EmailMergeContext, brand: EmailBrand) -> dict[str, str]:
    """Return a value for every tag. Raise MissingValue, or DomainError for a subject with a line break."""
    given: dict[str, str] = {}
    for slot in compiled.inline_fields.values():
        words = given[slot.text] = str(slot.field.render(context))
        given[slot.html] = str(escape(words)) if slot.is_link else _html_value(words)
    for slot in compiled.subject_fields:
        refuse_line_breaks(given[slot.text])
    for slot in compiled.block_fields.values():
        _add_block(given, slot, context, brand)
    for row in compiled.optional_rows:
        is_there = given[row.field_tag]
        given[row.html] = row.template.html % given if is_there else ""
        given[row.text] = row.template.text % given if is_there else ""
    _add_footer(given, compiled, context)
    for tag in compiled.row_tags:
        del given[tag]
    return given


def merged_subject(compiled: CompiledTemplate, context: EmailMergeContext) -> str:
    return substitute(
        compiled.message_template.subject,
        {slot.text: str(slot.field.render(context)) for slot in compiled.subject_fields},
    )


def _html_value(text: str) -> str:
    """For HTML; a time and its zone stay on one line."""
    marked = str(escape(text))
    return TIME_WITH_ZONE.sub("\\1\u00a0", marked) if ":" in marked else marked


def _add_block(
    values: dict[str, str], slot: Placeholder, context: EmailMergeContext, brand: EmailBrand
) -> None:
    block = slot.field.render(context)
    if isinstance(block, str):
        raise TypeError(f"the field {slot.field.name} should be a block")
    values[slot.html], values[slot.text] = html_and_text(block, brand.accent) if block else ("", "")


def _add_footer(values: dict[str, str], compiled: CompiledTemplate, context: EmailMergeContext) -> None:
    """Add the links below every email to an advocate, whatever its text says."""
    html = text = ""
    for form, address in (
        (compiled.preferences_link, context.link("preferences")),
        (compiled.unsubscribe_link, context.unsubscribe),
    ):
        if address:
            html += form.html % escape(address)
            text += form.text % address
    values[FOOTER_HTML], values[FOOTER_TEXT] = html, text

"""What stands in the blanks for one reader: worked out for what the text asks for and nothing else.

A hundred thousand letters go through here one after the other, so what is the same for all of them is on the sheet.
"""

import re

from markupsafe import escape

from portal.gateways.mail import put_in
from portal.outreach.letters import refuse_line_breaks
from portal.outreach.templates.blocks import sides
from portal.outreach.templates.compiling import FOOTER_HTML, FOOTER_TEXT, Brand, Sheet, Slot
from portal.outreach.templates.fields import Known

TIME = re.compile(r"(\d:\d\d) (?=[A-Z])")


def blanks(sheet: Sheet, known: Known, brand: Brand) -> dict[str, str]:
    """Every tag of the sheet's paper. Raises Lacking, or DomainError for a subject that would break its line."""
    given: dict[str, str] = {}
    for slot in sheet.inline.values():
        words = given[slot.text] = str(slot.field.of(known))
        given[slot.html] = str(escape(words)) if slot.is_link else _marked(words)
    for slot in sheet.in_subject:
        refuse_line_breaks(given[slot.text])
    for slot in sheet.blocks.values():
        _put_block(given, slot, known, brand)
    for row in sheet.optional:
        is_there = given[row.on]
        given[row.html] = row.row.html % given if is_there else ""
        given[row.text] = row.row.text % given if is_there else ""
    _put_footer(given, sheet, known)
    for tag in sheet.between:
        del given[tag]
    return given


def subject(sheet: Sheet, known: Known) -> str:
    return put_in(sheet.paper.subject, {slot.text: str(slot.field.of(known)) for slot in sheet.in_subject})


def _marked(words: str) -> str:
    """For HTML; a time and its zone stay on one line."""
    marked = str(escape(words))
    return TIME.sub("\\1\u00a0", marked) if ":" in marked else marked


def _put_block(given: dict[str, str], slot: Slot, known: Known, brand: Brand) -> None:
    block = slot.field.of(known)
    if isinstance(block, str):
        raise TypeError(f"the field {slot.field.name} should be a block")
    given[slot.html], given[slot.text] = sides(block, brand.accent) if block else ("", "")


def _put_footer(given: dict[str, str], sheet: Sheet, known: Known) -> None:
    """Under every letter to an advocate, whatever its text says."""
    html = text = ""
    for form, address in ((sheet.choose, known.link("preferences")), (sheet.stop, known.unsubscribe)):
        if address:
            html += form.html % escape(address)
            text += form.text % address
    given[FOOTER_HTML], given[FOOTER_TEXT] = html, text

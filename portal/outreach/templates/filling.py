"""What stands in the blanks for one reader: worked out for what the text asks for and nothing else."""

import re
from collections.abc import Mapping

from markupsafe import escape

from portal.gateways.mail import put_in
from portal.outreach.colours import palette
from portal.outreach.letters import refuse_line_breaks
from portal.outreach.templates.blocks import PLACE, footer_link, html_of
from portal.outreach.templates.compiling import FOOTER, Brand, Sheet, html_tag, text_tag
from portal.outreach.templates.fields import Known
from portal.regions import shown

TIME = re.compile(r"(\d:\d\d) (?=[A-Z])")  # 15:00 CET stays on one line
CHOOSE, STOP = shown("Choose what we may ask"), shown("Stop these letters")


def blanks(sheet: Sheet, known: Known, brand: Brand) -> dict[str, str]:
    """Every tag of the sheet's paper. Raises Lacking, or DomainError for a subject that would break its line."""
    given: dict[str, str] = {}
    for name in sheet.inline:
        _put_words(given, name, str(sheet.fields[name].of(known)))
    for name in sheet.in_subject:
        refuse_line_breaks(given[text_tag(name)])
    for name in sheet.blocks:
        _put_block(given, sheet, name, known, brand)
    for row in sheet.optional:
        there = given[text_tag(row.on)]
        given[html_tag(row.name)] = put_in(row.row.html, given) if there else ""
        given[text_tag(row.name)] = put_in(row.row.text, given) if there else ""
    _put_footer(given, known, brand)
    return given


def subject(sheet: Sheet, known: Known) -> str:
    given = {text_tag(name): str(sheet.fields[name].of(known)) for name in sheet.in_subject}
    return put_in(sheet.paper.subject, given)


def _put_words(given: dict[str, str], name: str, words: str) -> None:
    marked = str(escape(words))
    given[html_tag(name)] = TIME.sub("\\1\u00a0", marked) if ":" in marked else marked
    given[text_tag(name)] = words


def _put_block(given: dict[str, str], sheet: Sheet, name: str, known: Known, brand: Brand) -> None:
    block = sheet.fields[name].of(known)
    if isinstance(block, str):
        raise TypeError(f"the field {name} should be a block")
    given[html_tag(f"row {name}")] = html_of(block, palette(brand.accent)) if block else ""
    given[text_tag(f"row {name}")] = f"\n\n{block.text()}" if block else ""


def _put_footer(given: dict[str, str], known: Known, brand: Brand) -> None:
    """Under every letter to an advocate, whatever its text says."""
    links, colours = footer_links(known), palette(brand.accent)
    given[html_tag(FOOTER)] = "".join(
        footer_link(words, colours).replace(PLACE, str(escape(to))) for words, to in links.items()
    )
    given[text_tag(FOOTER)] = "".join(f"\n{words}: {to}" for words, to in links.items())


def footer_links(known: Known) -> Mapping[str, str]:
    found = {CHOOSE: known.link("preferences"), STOP: known.unsubscribe}
    return {known.say(words): address for words, address in found.items() if address}

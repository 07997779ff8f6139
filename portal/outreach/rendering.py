"""From a letter's row to subject, plain text and HTML. Templates are compiled once a process.

Whatever people typed is escaped and never read as a template: `{{7*7}}` in a name stays text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from portal.errors import DomainError
from portal.outreach import wording
from portal.outreach.addresses import Addresses
from portal.outreach.colours import palette
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import opened_fields, opened_links, refuse_line_breaks
from portal.outreach.models import Letter
from portal.outreach.parts import Sheet, as_text, plain
from tenants.models import Tenant

TEMPLATES = Path(__file__).parents[2] / "templates"
FRAME = "layouts/letter.html"
BLOCKS = ("subject", "preheader", "body", "why")
LACKING = (TemplateError, KeyError, TypeError, ValueError, AttributeError)
TIME = re.compile(r"(\d:\d\d) (?=[A-Z])")  # 15:00 CET stays on one line
VERSION = 1  # of the templates the product brings; a letter keeps the version it was made from


class Unwritable(DomainError):
    """The letter lacks something its template needs. It fails alone, the others go on."""


@dataclass(frozen=True)
class Written:
    subject: str
    text: str
    html: str


def render(letter: Letter, workspace: Tenant, public_url: str, *, live: bool) -> Written:
    """`live` puts true links in: for sending only. Staff see the same letter with links that lead nowhere."""
    addresses = Addresses(public_url.rstrip("/"), workspace, live)
    sheet = Sheet()
    try:
        return _written(letter, workspace, addresses, sheet)
    except LACKING as lacking:
        raise Unwritable("This letter could not be written: %(why)s.", why=lacking) from lacking


def subject(letter: Letter, workspace: Tenant) -> str:
    """For lists: what the letter says on top, without writing the rest."""
    known = _context(letter, workspace, Addresses("", workspace, live=False))
    try:
        return plain(_block("subject", letter, known | Sheet().functions()))
    except LACKING as lacking:
        raise Unwritable("This letter could not be written: %(why)s.", why=lacking) from lacking


def _written(letter: Letter, workspace: Tenant, addresses: Addresses, sheet: Sheet) -> Written:
    known = _context(letter, workspace, addresses)
    blocks = {name: _block(name, letter, known | sheet.functions()) for name in BLOCKS}
    said = plain(blocks["subject"])
    refuse_line_breaks(said)
    parts = sheet.parts(blocks["body"])
    shown = known | blocks | {"parts": parts, "subject": said, "headline": TIME.sub("\\1\u00a0", said)}
    return Written(
        subject=said,
        text=f"{as_text(parts)}\n\n-- \n{_footer(shown, letter.locale)}\n",
        html=environment(letter.locale).get_template(FRAME).render(shown),
    )


def _block(name: str, letter: Letter, known: dict[str, Any]) -> Markup:
    template = environment(letter.locale).get_template(LetterKind(letter.kind).template)
    return Markup("".join(template.blocks[name](template.new_context(known)))).strip()  # noqa: S704 (escaped)


def _context(letter: Letter, workspace: Tenant, addresses: Addresses) -> dict[str, Any]:
    links = opened_links(letter.links)
    mine = {
        "greeting": _greeting(letter),
        "links": {name: addresses.of(link) for name, link in links.items()},
        "codes": {name: addresses.code_of(link) for name, link in links.items()},
        "locale": letter.locale,
        "workspace": workspace.name,
        "brand": _brand(workspace, addresses.public_url),
    }
    return (
        {"time_zone": workspace.time_zone, "from_name": "", "from_title": ""}
        | opened_fields(letter.fields)
        | mine
    )


def _greeting(letter: Letter) -> str:
    gettext = wording.translations(letter.locale).gettext
    first = letter.recipient_name.partition(" ")[0]
    return gettext("Hello %(name)s,") % {"name": first} if first else gettext("Hello,")


def _brand(workspace: Tenant, public_url: str) -> dict[str, Any]:
    colours = palette(workspace.accent)
    logo = f"{public_url}/brand/{workspace.slug}/logo/{workspace.logo_id}" if workspace.logo_id else ""
    return {"colours": colours, "logo": logo, "postal": _postal(workspace)}


def _postal(workspace: Tenant) -> str:
    lines = [line.strip().rstrip(",") for line in workspace.postal_address.splitlines()]
    postal = ", ".join(line for line in lines if line)
    return postal if workspace.name in postal else ", ".join(filter(None, (workspace.name, postal)))


def _footer(shown: Mapping[str, Any], locale: str) -> str:
    gettext = wording.translations(locale).gettext
    choose = shown["links"].get("preferences")
    lines = [
        plain(shown["why"]),
        f"{gettext('Choose what we may ask')}: {choose}" if choose else "",
        shown["brand"]["postal"],
    ]
    return "\n".join(line for line in lines if line)


@lru_cache
def environment(locale: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.filters.update(wording.FILTERS)
    made.install_gettext_translations(wording.translations(locale), newstyle=True)  # type: ignore[attr-defined]
    return made

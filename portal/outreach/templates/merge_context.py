"""What an email knows while its merge fields are filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from portal.declarations.email_kinds import EmailClass
from portal.declarations.merge_fields import MissingValue
from portal.links import LinkPurpose
from portal.outreach.email_content import load_fields, load_links
from portal.outreach.templates import formatting
from portal.outreach.templates.link_urls import LinkUrls
from portal.safe_text import safe_name

ONE_CLICK = "one click"  # no writer can call a link so


@dataclass
class EmailMergeContext:
    """One email while it is filled in. `context["prospect"]` is what its writer gave; raises MissingValue."""

    email: Any  # a row of emails, whole or in part
    workspace: str
    workspace_time_zone: str
    addresses: LinkUrls
    links_made: dict[str, str] = field(default_factory=dict)  # addresses: making one costs more than all else

    @cached_property
    def values(self) -> Mapping[str, Any]:
        return load_fields(self.email.fields)

    @cached_property
    def time_zone(self) -> str:
        return self.values.get("time_zone") or self.email.time_zone or self.workspace_time_zone

    def __getitem__(self, name: str) -> Any:
        if name not in self.values:
            raise MissingValue(f"“{name}” is missing")
        return self.values[name]

    def get(self, name: str, default: Any = "") -> Any:
        value = self.values.get(name)
        return default if value is None else value

    def person_name(self, field: str) -> str:
        return safe_name(str(self.get(field)))

    @cached_property
    def recipient_name(self) -> str:
        return safe_name(str(self.email.recipient_name))

    def day(self, on: date | None) -> str:
        return formatting.day(on, self.time_zone, self.locale) if on else ""

    def day_year(self, on: date | None) -> str:
        return formatting.day_year(on, self.time_zone, self.locale) if on else ""

    def moment(self, at: datetime | None) -> str:
        return formatting.moment(at, self.time_zone, self.locale) if at else ""

    def clock(self, at: datetime | None) -> str:
        return formatting.clock(at, self.time_zone) if at else ""

    @property
    def locale(self) -> str:
        return str(self.email.locale)

    def translate(self, sentence: str, **params: object) -> str:
        translated = formatting.translate(sentence, self.locale)
        return translated % params if params else translated

    def translate_plural(self, one: str, many: str, number: int, **params: object) -> str:
        translated = formatting.translations(self.locale).ngettext(one, many, number)
        return translated % ({"num": number} | params)

    def link(self, name: str) -> str:
        if name not in self.links_made:
            kept = self.email.links.get(name)
            self.links_made[name] = self.addresses.url_of_stored(kept) if kept else ""
        return self.links_made[name]

    def required_link(self, name: str) -> str:
        address = self.link(name)
        if not address:
            raise MissingValue(f"the link “{name}” is missing")
        return address

    @property
    def unsubscribe(self) -> str:
        if self.email.email_class == EmailClass.TRANSACTIONAL or self.email.advocate_id is None:
            return ""
        if ONE_CLICK not in self.links_made:
            self.links_made[ONE_CLICK] = self.addresses.signed(LinkPurpose.UNSUBSCRIBE, self.email.id.bytes)
        return self.links_made[ONE_CLICK]

    def link_code(self, name: str) -> str:
        if name not in self.email.links:
            raise MissingValue(f"the link “{name}” is missing")
        return self.addresses.code_of(load_links({name: self.email.links[name]})[name])

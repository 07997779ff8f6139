"""How the cells of a file are read, and what is declared of each thing a file may tell."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from flask_babel.speaklater import LazyString


class FieldType(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    ID = "id"  # text that nothing may shorten
    NAME = "name"  # of a company or deal: kept with its normal form
    EMAIL = "email"
    LIST = "list"
    COMPETITORS = "rivals"  # a list of normal names
    NUMBER = "number"
    SCORE = "score"
    MONEY = "money"
    CURRENCY = "currency"
    DAY = "day"
    HEALTH = "health"
    RELATIONSHIP = "relationship"
    ZONE = "zone"
    PERSON_NAME = "person_name"  # kept with its folded form, as the names of companies and deals
    TITLE = "title"  # says seniority and persona too
    TAGS = "tags"  # a list of tags
    CHOICE = "choice"  # of a custom field
    FIELD_TEXT = "field_text"  # of a custom field
    DECIMAL = "decimal"  # of a custom field: a number with or without a fraction
    MONTH = "month"  # a day, or a month by its first day
    PLACE = "place"  # says region and time zone too, where that is certain


@dataclass(frozen=True)
class ImportField:
    """One thing a file may tell; `label` is what people read."""

    name: str
    label: LazyString | str  # a workspace names its own fields
    type: FieldType
    headings: str  # what its column may be called, best first; compared by `normal_heading`
    required: bool = False
    instead_of: str = ""  # another field: a file needs one of the two
    choices: tuple[str, ...] = ()

    @property
    def cells(self) -> list[str]:
        return [self.name, *(more.format(self.name) for more in EXTRA_CELLS.get(self.type, ()))]


EXTRA_CELLS = {
    FieldType.NAME: ("{}_norm", "{}_folded"),
    FieldType.PERSON_NAME: ("{}_folded",),
    FieldType.EMAIL: ("{}_norm",),
    FieldType.MONEY: ("{}_currency",),
    FieldType.TITLE: ("seniority", "persona"),
    FieldType.PLACE: ("region_guess", "zone_guess"),
}


def normal_heading(heading: str) -> str:
    folded = unicodedata.normalize("NFKD", heading.casefold())
    return re.sub(r"[^a-z0-9]+", "", folded)


DAYS = (FieldType.DAY, FieldType.MONTH)
AMOUNTS = (FieldType.MONEY, FieldType.NUMBER, FieldType.DECIMAL)

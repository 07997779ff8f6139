"""The three files of the story, what must become of their lines, and whom the story picks out of them."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from portal.demo import customer_files
from portal.demo.customer_files import CustomerFile
from portal.imports.models import ImportKind

STATES = ("Pennsylvania", "Texas", "California", "New York", "Illinois", "Massachusetts", "Georgia")
Row = dict[str, str]


@dataclass(frozen=True)
class Counts:
    """What the pages must say of the three imports."""

    companies: int
    people: int
    people_besides: str
    skipped: int
    deals: int


REAL = Counts(503, 1979, "25 unchanged, 101 conflicting values, 22 rejected", 2, 400)
SAMPLE = Counts(500, 1978, "25 unchanged, 111 conflicting values, 22 rejected", 2, 400)


@dataclass(frozen=True)
class Customer:
    name: str
    email: str
    title: str
    company: str

    @property
    def domain(self) -> str:
        return self.email.partition("@")[2]


@dataclass(frozen=True)
class Cast:
    """A deal in the open, and customers in its region who use its product."""

    deal: Row
    customers: list[Customer]


@dataclass(frozen=True)
class Files:
    paths: dict[ImportKind, Path]
    counts: Counts
    today: date

    def cast(self) -> Cast:
        deal = next(self._deals())
        return Cast(deal, list(islice(self._customers(deal["Product"]), 3)))

    def _deals(self) -> Iterator[Row]:
        for row in rows(self.paths[ImportKind.DEALS]):
            is_open = not row["Stage"].startswith("Closed")
            if is_open and row["Region"] == "NA" and row["Prospect"].isascii():
                yield row

    def _customers(self, product: str) -> Iterator[Customer]:
        """One of each company, whom a search by name or address finds alone."""
        everybody = [row for row in rows(self.paths[ImportKind.PEOPLE]) if "@" in (row["Email"] or "")]
        times = Counter(key for row in everybody for key in (row["Email"].lower(), full_name(row)))
        companies: set[str] = set()
        for row in everybody:
            is_alone = times[row["Email"]] == times[full_name(row)] == 1
            if is_alone and row["Account Name"] not in companies and self._fits(row, product):
                companies.add(row["Account Name"])
                yield Customer(full_name(row), row["Email"], row["Title"], row["Account Name"])

    def _fits(self, row: Row, product: str) -> bool:
        uses = product in row["Product(s)"].split("; ")
        renews = datetime.strptime(row["Renewal Date"], "%m/%d/%Y").date()  # noqa: DTZ007  (a day)
        is_plain = row["Last Name"].isalpha() and row["Email"].islower()
        return (
            uses
            and is_plain
            and row["Billing City"].endswith(STATES)
            and renews > self.today + timedelta(days=200)
        )


def full_name(row: Row) -> str:
    return f"{row['First Name']} {row['Last Name']}"


def rows(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def of(data: Path | None, folder: Path, today: date) -> Files:
    """The customer's real files, or the generated sample written into `folder`."""
    if data:
        return Files({kind: data / name for kind, name in customer_files.FILE_NAMES.items()}, REAL, today)
    return Files(
        {file.kind: _written(file, folder) for file in customer_files.files_from(None)}, SAMPLE, today
    )


def _written(file: CustomerFile, folder: Path) -> Path:
    path = folder / file.name
    path.write_bytes(file.content)
    return path

"""Files as people really send them, and the short way from a file to its result."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from html import unescape
from uuid import UUID

from sqlalchemy import select

from jobs import imports as job
from portal.imports import actions, labels, queries
from portal.imports.inspection.remembered_mappings import ValueFormats
from portal.imports.merging.staging import mapping_of
from portal.imports.models import Import, ImportResult, LineOutcome, LineReason
from portal.imports.values.numbers import MarkProof
from tenants.models import Role
from tests.world import World

PEOPLE = ("Contact ID", "First Name", "Last Name", "Email", "Title", "Account Name", "Account ID", "Industry")
MORE = (
    "Billing City",
    "Employees",
    "Annual Contract Value",
    "Product(s)",
    "NPS",
    "Renewal Date",
    "Account Owner Email",
)
ADA = ["003A", "Ada", "Lindqvist", "ada@wabtec.example", "VP IT", "Wabtec", "001W", "Industrials"]
ADA_MORE = [
    "Pittsburgh, Pennsylvania",
    "30000",
    "$23,327.04",
    "Ledger; Flow",
    "9",
    "02/29/2028",
    "sam@goodword.example",
]


def csv_of(*rows: Sequence[str], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def person(email: str = "ada@wabtec.example", **changes: str) -> list[str]:
    """Ada's line of a Salesforce report, with some cells changed by their heading."""
    cells = dict(zip((*PEOPLE, *MORE), (*ADA, *ADA_MORE), strict=True)) | {"Email": email}
    return list((cells | {name.replace("_", " "): value for name, value in changes.items()}).values())


def people_file(*rows: Sequence[str]) -> bytes:
    return csv_of((*PEOPLE, *MORE), *rows)


def odd_file() -> bytes:
    """Letters, a mark, and people whom somebody should look at before they come in."""
    header = ("Email", "First Name", "Last Name", "Notes", "Email Opt Out", "Do Not Call")
    pasted = "see:\nx@y.example,X,Y,z,0,0\nand more of\nthe same"
    rows = [
        ("juergen@wabtec.example", "Jürgen", "Müller", pasted, "TRUE", "perhaps"),
        ("zoe@wabtec.example", "Zoë", "Núñez", 'a 19" rack', "FALSE", "0"),
        ("nobody at all", "No", "Body", "", "", ""),
    ]
    return csv_of(header, *rows, encoding="cp1252")


class Importer:
    """A manager with files in hand."""

    def __init__(self, acme: World) -> None:
        self.acme, self.manager = acme, acme.member(Role.MANAGER)

    def upload(self, content: bytes, name: str = "report.csv") -> Import:
        """And looked at by a worker."""
        with self.acme.session() as session:
            this = actions.upload(session, name, io.BytesIO(content), by=self.manager)
        job.work()
        return self.acme.reload(this)

    def check(self, this: Import) -> Import:
        """The columns are what they seem to be; a worker says what would become of the lines."""
        with self.acme.session() as session:
            seen = queries.get(session, this.id)
            formats = ValueFormats(seen.date_format, seen.decimal_mark, MarkProof.NONE)
            actions.map_columns(session, seen, mapping_of(seen), formats)
        job.work()
        return self.acme.reload(this)

    def import_file(self, content: bytes, name: str = "report.csv") -> Import:
        """Uploaded, started as guessed, and done by the workers."""
        return self.start(self.upload(content, name))

    def start(self, this: Import) -> Import:
        with self.acme.session() as session:
            actions.start(session, queries.get(session, this.id), by=self.manager)
        job.work()
        return self.acme.reload(this)

    def undo(self, this: Import) -> Import:
        with self.acme.session() as session:
            actions.undo(session, queries.get(session, this.id), by=self.manager)
        job.work()
        return self.acme.reload(this)

    def lines(self, this: Import, *outcomes: LineOutcome) -> list[tuple[int, str, str, LineReason | None]]:
        """line, column, value, reason of what has one of these outcomes."""
        wanted = select(ImportResult).where(
            ImportResult.import_id == this.id, ImportResult.outcome.in_(outcomes)
        )
        with self.acme.session() as session:
            rows = session.scalars(wanted.order_by(ImportResult.line, ImportResult.column)).all()
        return [(row.line, row.column, row.value, row.reason) for row in rows]


def import_at(acme: World, path: str) -> Import:
    """The one of a page below /imports/<id>/."""
    with acme.session() as session:
        return queries.get(session, UUID(path.split("/")[-2]))


def form_values(page: str) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    selects = re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    chosen = {name: re.search(r'<option selected value="([^"]*)"', options) for name, options in selects}
    answers = {name: found[1] for name, found in chosen.items() if found}
    return answers | dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', page))


def says_why(page: str, this: Import) -> bool:
    """Does the page put the import's failure into words?"""
    return bool(this.failure) and labels.status_text(this) in unescape(page)


def pieces_of(content: bytes, size: int = 7) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))

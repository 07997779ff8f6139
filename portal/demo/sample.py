"""A CRM export to try the product with: fictional companies and people, in the format and with the dirt of the real
thing. The same seed and day give the same bytes."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import NamedTuple

from portal.demo import sample_words as words
from tenants.clock import utc_now

SEED = 20_241
ACCOUNTS, PEOPLE, DEALS = 500, 2_000, 400
EVERY_TWIN, EVERY_BLANK, EVERY_BROKEN, EVERY_SHOUTED, EVERY_UNTIDY = (
    77,
    150,
    220,
    60,
    140,
)  # how often dirt occurs
ACCOUNT_COLUMNS = (
    *("Symbol", "Security", "GICS Sector", "GICS Sub-Industry"),
    *("Headquarters Location", "Date added", "CIK", "Founded", "Account Type"),
)
PEOPLE_COLUMNS = (
    *("Contact ID", "First Name", "Last Name", "Email", "Title", "Account Name", "Account ID", "Industry"),
    *("Billing City", "Employees", "Annual Contract Value", "Product(s)", "Use Case", "NPS", "Renewal Date"),
    *("Customer Since", "Account Owner Email"),
)
DEAL_COLUMNS = (
    *(
        "Opportunity ID",
        "Opportunity Name",
        "Prospect",
        "Stage",
        "Amount",
        "Close Date",
        "Industry",
        "Region",
    ),
    *("Product", "Competitor", "Owner Email"),
)


class Company(NamedTuple):
    id: str
    name: str
    sector: str
    branch: str
    city: str
    employees: int
    value: float
    renewal: date
    since: date
    owner: str


def files(today: date | None = None) -> dict[str, tuple[str, bytes]]:
    today, chance = today or utc_now().date(), Random(SEED)
    companies = _companies(chance, today)
    return {
        "accounts": ("accounts.csv", plain_file(_account_rows(chance, companies))),
        "people": (
            "contacts-salesforce.csv",
            _report(PEOPLE_COLUMNS, _people_rows(chance, companies, PEOPLE), total=PEOPLE),
        ),
        "deals": ("opportunities-salesforce.csv", _report(DEAL_COLUMNS, _deal_rows(chance, today))),
    }


def people_report(people: int, companies: int, today: date) -> bytes:
    chance = Random(SEED)
    rows = _people_rows(chance, _companies(chance, today, companies), people)
    return _report(PEOPLE_COLUMNS, rows, total=people)


def companies_of(today: date) -> list[Company]:
    """Those of the files of that day."""
    return _companies(Random(SEED), today)


def _companies(chance: Random, today: date, count: int = ACCOUNTS) -> list[Company]:
    names = [
        (f"{first} {last}", sector, last)
        for first, (sector, lasts) in product(words.COMPANY_FIRST, words.COMPANY_LAST.items())
        for last in lasts
    ]
    chosen = chance.sample(names, count)
    return [_company(chance, today, number, *name) for number, name in enumerate(chosen)]


def _company(chance: Random, today: date, number: int, name: str, sector: str, branch: str) -> Company:
    return Company(
        id=f"001{number:015}",
        name=name,
        sector=sector,
        branch=branch,
        city=chance.choice(words.PLACES),
        employees=round(chance.lognormvariate(8.5, 1.2)) + 20,
        value=round(chance.lognormvariate(11.2, 0.8), 2),
        renewal=today + timedelta(days=chance.randint(10, 730)),
        since=today - timedelta(days=chance.randint(120, 3600)),
        owner=words.OWNERS[min(int(chance.expovariate(0.6)), len(words.OWNERS) - 1)],
    )


def _account_rows(chance: Random, companies: Sequence[Company]) -> Iterable[Sequence[object]]:
    yield ACCOUNT_COLUMNS
    for number, one in enumerate(companies):
        symbol = "".join(part[0] for part in one.name.split()).upper() + f"{number:03}"
        founded = chance.randint(1850, 2015)
        yield (
            symbol,
            one.name,
            one.sector,
            one.branch,
            one.city,
            one.since.isoformat(),
            100_000 + number,
            founded,
            _account_type(number),
        )


def _account_type(number: int) -> str:
    """As a CRM says it; for a few it says nothing of use."""
    rare = {3: "Reseller", 17: "Agency", 29: "Government", 41: ""}
    return rare.get(number % 50, "Customer - Direct")


def _people_rows(chance: Random, companies: Sequence[Company], count: int) -> Iterable[Sequence[object]]:
    for number in range(count):
        company = companies[number % len(companies)] if number < len(companies) else chance.choice(companies)
        row = _person_row(chance, number, company)
        yield row
        if number % EVERY_TWIN == EVERY_TWIN - 1:
            yield [*row[:3], str(row[3]).title(), "CEO", *row[5:]]


def _person_row(chance: Random, number: int, company: Company) -> list[object]:
    first, last = chance.choice(words.FIRST_NAMES), chance.choice(words.LAST_NAMES)
    if number % 97 == 0:
        last += ", Jr."
    value = company.value * (1.1 if number % 60 == 0 else 1)
    owner = chance.choice(words.OWNERS) if number % 90 == 0 else company.owner
    return [
        f"003{number:015}",
        first,
        last,
        _address(number, first, last, company),
        chance.choice(words.TITLES),
        company.name + " " * (number % EVERY_UNTIDY == 1),
        company.id,
        company.sector,
        company.city,
        "n/a" if number % 70 == 3 else company.employees,
        f"${value:,.2f}",
        "; ".join(chance.sample(words.PRODUCTS, chance.randint(1, 3))),
        "; ".join(chance.sample(words.USE_CASES, chance.randint(1, 2))),
        chance.choice(["", 3, 5, 6, 7, 8, 8, 9, 9, 9, 10, 10]),
        f"{company.renewal:%m/%d/%Y}",
        f"{company.since:%m/%d/%Y}",
        owner,
    ]


def _address(number: int, first: str, last: str, company: Company) -> str:
    if number % EVERY_BLANK == EVERY_BLANK - 7:
        return ""
    at = " at " if number % EVERY_BROKEN == EVERY_BROKEN - 5 else "@"
    address = f"{ascii_of(first)}.{ascii_of(last)}{number}{at}{ascii_of(company.name)}.example"
    return address.upper() if number % EVERY_SHOUTED == 5 else address


def _deal_rows(chance: Random, today: date) -> Iterable[Sequence[object]]:
    for number in range(DEALS):
        prospect = f"{chance.choice(words.LAST_NAMES)} {chance.choice(['& Partner', 'Group', 'Holding', 'AG', 'Ltd'])}"
        item, stage = chance.choice(words.PRODUCTS), chance.choice(words.STAGES)
        days = chance.randint(-170, -5) if stage.startswith("Closed") else chance.randint(5, 240)
        yield (
            f"006{number:015}",
            f"{prospect} - {item}",
            prospect,
            stage,
            f"${round(chance.lognormvariate(11.2, 0.7), 2):,.2f}",
            f"{today + timedelta(days=days):%m/%d/%Y}",
            chance.choice(list(words.COMPANY_LAST)),
            chance.choice(words.REGIONS),
            item,
            chance.choice(words.COMPETITORS),
            words.REPS[number % len(words.REPS)],
        )


def plain_file(rows: Iterable[Sequence[object]]) -> bytes:
    """As a list from the web is saved: no BOM, bare newlines, quotes where they are needed."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _report(columns: Sequence[str], rows: Iterable[Sequence[object]], *, total: int = 0) -> bytes:
    """As Salesforce exports a report: BOM, CRLF, every cell quoted, and a report's end that is no line of it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    if total:
        writer.writerow(["Total", f"{total} records", *[""] * (len(columns) - 2)])
    writer.writerow(["Confidential Information - Do Not Distribute"])
    return text.getvalue().encode("utf-8-sig")


def ascii_of(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("ı", "i").replace("ń", "n"))
    return "".join(char for char in plain.lower() if char.isascii() and char.isalnum())

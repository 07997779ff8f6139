"""Where values go: for each table the columns an import may write, and how a new value meets an old one.

`f` is the folded line (NULL: the file says nothing), `t` the row that is there. A blank never erases.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.imports.models import Target


@dataclass(frozen=True)
class Column:
    """`meets` is the value after the merge where a row is there, `starts` the value of a new row."""

    meets: str
    starts: str


def text(name: str, source: str = "") -> Column:
    return Column(f"coalesce(f.{source or name}, t.{name})", f"coalesce(f.{source or name}, '')")


def plain(name: str) -> Column:
    return Column(f"coalesce(f.{name}, t.{name})", f"f.{name}")


def several(name: str) -> Column:
    given = f"string_to_array(f.{name}, '; ')"
    return Column(f"coalesce({given}, t.{name})", f"coalesce({given}, '{{}}')")


def only_if_empty(name: str, source: str) -> Column:
    return Column(f"coalesce(nullif(t.{name}, ''), f.{source}, '')", f"coalesce(f.{source}, '')")


def given_or_guessed(name: str, guess: str) -> Column:
    return Column(
        f"coalesce(f.{name}, nullif(t.{name}, ''), f.{guess}, '')", f"coalesce(f.{name}, f.{guess}, '')"
    )


def currency(amount: str) -> Column:
    """Said by its own column, else beside the amount, else what it was, else the workspace's."""
    own = f"CASE WHEN f.{amount} IS NOT NULL THEN :currency END"
    return Column(
        f"coalesce(f.currency, f.{amount}_currency, nullif(t.currency, ''), {own}, '')",
        f"coalesce(f.currency, f.{amount}_currency, {own}, '')",
    )


def member(name: str, email: str) -> Column:
    """The membership with this address (joined as `m`), if there is one; a link made since stays."""
    return Column(
        f"CASE WHEN f.{email} <> t.{email} THEN m.id ELSE coalesce(t.{name}, m.id) END",
        "m.id",
    )


def derived(name: str) -> Column:
    """Follows the title: a new title brings it along, the same title leaves it as people have set it."""
    new = f"CASE WHEN f.title <> t.title OR t.{name} = '' THEN f.{name} END"
    return Column(f"coalesce({new}, t.{name})", f"coalesce(f.{name}, '')")


SORT = "lower(btrim({0} || ' ' || {1}))"
COMPANY: Mapping[str, Column] = {
    "industry": text("industry"),
    "sub_industry": text("sub_industry"),
    "region": given_or_guessed("region", "region_guess"),
    "city": text("city"),
    "employees": plain("employees"),
    "arr_cents": plain("arr_cents"),
    "currency": currency("arr_cents"),
    "health": Column("coalesce(f.health, t.health)", "coalesce(f.health, 'unknown')"),
    "renewal_on": plain("renewal_on"),
    "customer_since": plain("customer_since"),
    "owner_email": text("owner_email"),
    "owner_email_norm": text("owner_email_norm"),
    "owner_id": member("owner_id", "owner_email_norm"),
}
ACCOUNTS = {
    "name": text("name"),
    "external_id": text("external_id"),
    "competitors": several("competitors"),
    **COMPANY,
}
ACCOUNTS_OF_PEOPLE = {"external_id": only_if_empty("external_id", "company_external_id"), **COMPANY}
# A whole name that is the known one says nothing about where its first name ends.
KNOWN_NAME = "lower(f.full_name) = lower(btrim(t.first_name || ' ' || t.last_name))"


def part_of_name(name: str) -> str:
    return f"CASE WHEN {KNOWN_NAME} THEN t.{name} ELSE coalesce(f.{name}, t.{name}) END"


PEOPLE = {
    "first_name": Column(part_of_name("first_name"), "coalesce(f.first_name, '')"),
    "last_name": Column(part_of_name("last_name"), "coalesce(f.last_name, '')"),
    "name_sort": Column(
        SORT.format(part_of_name("last_name"), part_of_name("first_name")),
        SORT.format("coalesce(f.last_name, '')", "coalesce(f.first_name, '')"),
    ),
    "title": text("title"),
    "seniority": derived("seniority"),
    "persona": derived("persona"),
    "external_id": text("external_id"),
    "account_id": Column("coalesce(c.id, t.account_id)", "c.id"),
    "products": several("products"),
    "use_cases": several("use_cases"),
    "languages": several("languages"),
    "time_zone": given_or_guessed("time_zone", "zone_guess"),
    "nps": plain("nps"),
}
DEALS = {
    "external_id": text("external_id"),
    "name": text("name"),
    "name_norm": text("name_norm"),
    "prospect": text("prospect"),
    "prospect_norm": text("prospect_norm"),
    "stage": text("stage"),
    "amount_cents": plain("amount_cents"),
    "currency": currency("amount_cents"),
    "close_on": plain("close_on"),
    "industry": text("industry"),
    "region": text("region"),
    "product": text("product"),
    "competitor": text("competitor"),
    "rep_email": text("rep_email"),
    "rep_email_norm": text("rep_email_norm"),
    "rep_id": member("rep_id", "rep_email_norm"),
}


@dataclass(frozen=True)
class Merge:
    """How the folded lines of one kind meet one table."""

    target: Target
    folded: str  # the rows of the file, one for each key
    columns: Mapping[str, Column]
    starts: Mapping[str, str]  # columns that only a new row gets
    joins: str = ""

    @property
    def found(self) -> str:
        return f"found_{self.target}"

    @property
    def changed(self) -> str:
        return f"changed_{self.target}"


JOINED = "m.joined_at IS NOT NULL AND m.ended_at IS NULL"  # the others are linked when they join
OWNERS = f"LEFT JOIN memberships m ON m.email_norm = f.owner_email_norm AND {JOINED}"
REPS = f"LEFT JOIN memberships m ON m.email_norm = f.rep_email_norm AND {JOINED}"
EMPLOYERS = "LEFT JOIN accounts c ON c.name_norm = f.company_norm"

ACCOUNTS_START = {"name_norm": "f.key"}
ACCOUNTS_OF_PEOPLE_START = {"name": "f.company", "name_norm": "f.key", "competitors": "'{}'"}
PEOPLE_START = {
    "email": "f.email",
    "email_norm": "f.key",
    "company": "''",
    "state": "'candidate'",
    "provenance": "'imported'",
    "consents": "'{}'",
    "willing": "'{}'",
    "invitations": "0",
    "link_version": "1",
}

"""Where values go: for each table the columns an import may write, and how a new value meets an old one.

`f` is the folded line (NULL: the file says nothing), `t` the row that is there. A blank never erases. The folded form
of a name that only a part was given of is left to a job (`portal/name_search.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.advocates.lifecycles import LIFECYCLE


@dataclass(frozen=True)
class MergeColumn:
    """`merged` is the value after the merge where a row is there, `initial` the value of a new row."""

    merged: str
    initial: str


def text_column(name: str, source: str = "") -> MergeColumn:
    return MergeColumn(f"coalesce(f.{source or name}, t.{name})", f"coalesce(f.{source or name}, '')")


def plain_column(name: str) -> MergeColumn:
    return MergeColumn(f"coalesce(f.{name}, t.{name})", f"f.{name}")


def list_column(name: str) -> MergeColumn:
    given = f"string_to_array(f.{name}, '; ')"
    return MergeColumn(f"coalesce({given}, t.{name})", f"coalesce({given}, '{{}}')")


def fill_if_empty(name: str, source: str) -> MergeColumn:
    return MergeColumn(f"coalesce(nullif(t.{name}, ''), f.{source}, '')", f"coalesce(f.{source}, '')")


def given_or_guessed_column(name: str, guess: str) -> MergeColumn:
    return MergeColumn(
        f"coalesce(f.{name}, nullif(t.{name}, ''), f.{guess}, '')", f"coalesce(f.{name}, f.{guess}, '')"
    )


def currency_column(amount: str) -> MergeColumn:
    """Read the currency from its own column, else beside the amount, else as it was, else the workspace's."""
    own = f"CASE WHEN f.{amount} IS NOT NULL THEN :currency END"
    return MergeColumn(
        f"coalesce(f.currency, f.{amount}_currency, nullif(t.currency, ''), {own}, '')",
        f"coalesce(f.currency, f.{amount}_currency, {own}, '')",
    )


def member_column(name: str, email: str) -> MergeColumn:
    """Link the membership with this address (joined as `m`), if there is one; a link made since stays."""
    return MergeColumn(
        f"CASE WHEN f.{email} <> t.{email} THEN m.id ELSE coalesce(t.{name}, m.id) END",
        "m.id",
    )


def derived_column(name: str) -> MergeColumn:
    """Derive a value from the title; the same title leaves it as people have set it."""
    new = f"CASE WHEN f.title <> t.title OR t.{name} = '' THEN f.{name} END"
    return MergeColumn(f"coalesce({new}, t.{name})", f"coalesce(f.{name}, '')")


SORT_NAME = "lower(btrim({0} || ' ' || {1}))"
COMPANY_COLUMNS: Mapping[str, MergeColumn] = {
    "industry": text_column("industry"),
    "sub_industry": text_column("sub_industry"),
    "region": given_or_guessed_column("region", "region_guess"),
    "city": text_column("city"),
    "employees": plain_column("employees"),
    "arr_cents": plain_column("arr_cents"),
    "currency": currency_column("arr_cents"),
    "health": MergeColumn("coalesce(f.health, t.health)", "coalesce(f.health, 'unknown')"),
    "relationship": MergeColumn(
        "coalesce(f.relationship, t.relationship)", "coalesce(f.relationship, 'unknown')"
    ),
    "renewal_on": plain_column("renewal_on"),
    "customer_since": plain_column("customer_since"),
    "owner_email": text_column("owner_email"),
    "owner_email_norm": text_column("owner_email_norm"),
    "owner_id": member_column("owner_id", "owner_email_norm"),
}
ACCOUNT_COLUMNS = {
    "name": text_column("name"),
    "search_text": MergeColumn("coalesce(f.name_folded, t.search_text)", "f.name_folded"),
    "external_id": text_column("external_id"),
    "competitors": list_column("competitors"),
    **COMPANY_COLUMNS,
}
EMPLOYER_COLUMNS = {"external_id": fill_if_empty("external_id", "company_external_id"), **COMPANY_COLUMNS}
# A whole name that is the known one says nothing about where its first name ends.
KNOWN_NAME = "lower(f.full_name) = lower(btrim(t.first_name || ' ' || t.last_name))"


def part_of_name(name: str) -> str:
    return f"CASE WHEN {KNOWN_NAME} THEN t.{name} ELSE coalesce(f.{name}, t.{name}) END"


ADVOCATE_COLUMNS = {
    "first_name": MergeColumn(part_of_name("first_name"), "coalesce(f.first_name, '')"),
    "last_name": MergeColumn(part_of_name("last_name"), "coalesce(f.last_name, '')"),
    "name_sort": MergeColumn(
        SORT_NAME.format(part_of_name("last_name"), part_of_name("first_name")),
        SORT_NAME.format("coalesce(f.last_name, '')", "coalesce(f.first_name, '')"),
    ),
    "search_text": MergeColumn(
        f"CASE WHEN ({part_of_name('last_name')}, {part_of_name('first_name')}) = (t.last_name, t.first_name) "
        "THEN t.search_text ELSE f.last_name_folded || f.first_name_folded END",
        "coalesce(f.last_name_folded, '') || coalesce(f.first_name_folded, '')",
    ),
    "title": text_column("title"),
    "seniority": derived_column("seniority"),
    "persona": derived_column("persona"),
    "external_id": text_column("external_id"),
    "account_id": MergeColumn("coalesce(c.id, t.account_id)", "c.id"),
    "products": list_column("products"),
    "use_cases": list_column("use_cases"),
    "languages": list_column("languages"),
    "time_zone": given_or_guessed_column("time_zone", "zone_guess"),
    "nps": plain_column("nps"),
}
DEAL_COLUMNS = {
    "external_id": text_column("external_id"),
    "name": text_column("name"),
    "name_norm": text_column("name_norm"),
    "prospect": text_column("prospect"),
    "prospect_norm": text_column("prospect_norm"),
    "search_text": MergeColumn(
        "CASE WHEN (coalesce(f.prospect, t.prospect), coalesce(f.name, t.name)) = (t.prospect, t.name) "
        "THEN t.search_text ELSE f.prospect_folded || f.name_folded END",
        "f.prospect_folded || f.name_folded",
    ),
    "stage": text_column("stage"),
    "amount_cents": plain_column("amount_cents"),
    "currency": currency_column("amount_cents"),
    "close_on": plain_column("close_on"),
    "industry": text_column("industry"),
    "region": text_column("region"),
    "product": text_column("product"),
    "competitor": text_column("competitor"),
    "rep_email": text_column("rep_email"),
    "rep_email_norm": text_column("rep_email_norm"),
    "rep_id": member_column("rep_id", "rep_email_norm"),
}


USAGE_COLUMNS = {
    name: MergeColumn(f"f.{name}", f"f.{name}") for name in ("licenses", "active_users", "features")
}
SUBSCRIPTION_COLUMNS = {
    "ends_on": MergeColumn("f.ends_on", "f.ends_on"),
    "arr_cents": MergeColumn("f.arr_cents", "f.arr_cents"),
    "currency": currency_column("arr_cents"),
    "reason": MergeColumn("coalesce(f.reason, '')", "coalesce(f.reason, '')"),
}
VALUE_COLUMNS = {name: plain_column(name) for name in ("text_value", "number_value", "date_value")}
IS_MEMBER = "m.joined_at IS NOT NULL AND m.ended_at IS NULL"  # the others are linked when they join
JOIN_OWNERS = f"LEFT JOIN memberships m ON m.email_norm = f.owner_email_norm AND {IS_MEMBER}"
JOIN_REPS = f"LEFT JOIN memberships m ON m.email_norm = f.rep_email_norm AND {IS_MEMBER}"
JOIN_EMPLOYERS = "LEFT JOIN accounts c ON c.name_norm = f.company_norm"

NEW_ACCOUNT = {"name_norm": "f.key"}
NEW_EMPLOYER = {
    "name": "f.company",
    "name_norm": "f.key",
    "search_text": "f.company_folded",
    "competitors": "'{}'",
}
NEW_USAGE = {"account_id": "f.account_id", "month": "f.month", "is_latest": "false"}
NEW_SUBSCRIPTION = {"account_id": "f.account_id", "starts_on": "f.starts_on"}
NEW_ADVOCATE = {
    "email": "f.email",
    "email_norm": "f.key",
    "company": "''",
    "state": f"'{LIFECYCLE.initial}'",
    "provenance": "'imported'",
    "consents": "'{}'",
    "accepted_ask_kinds": "'{}'",
    "invitation_count": "0",
    "link_version": "1",
}

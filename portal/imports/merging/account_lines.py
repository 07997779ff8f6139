"""Lines about accounts that are there: whose they are, and which of them can't be imported.

The account is known by its id in the CRM, else by its name; where the two belong to different companies nobody knows
which is meant. The check asks about lines in hand, the merge about its own table; the questions and the rules are the
same.
"""
# ruff: noqa: S608 - only declared names are put into statements; values are bound

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.accounts.models import Subscription
from portal.imports.line_reason_codes import LineReason
from portal.imports.merging.merge_sql import INSERT_RESULT
from portal.imports.models import ImportKind, LineOutcome

FIND_ACCOUNTS = """
    SELECT i.line, coalesce(min(by_id.id::text) FILTER (WHERE by_id.name_norm = i.company_norm), min(by_id.id::text),
            min(by_name.id::text))::uuid AS account_id,
        coalesce(bool_and(CASE WHEN by_id.id IS NOT NULL THEN by_id.name_norm <> i.company_norm
            ELSE i.company_external_id IS NOT NULL AND by_name.external_id <> '' END), false) AS is_of_two
    FROM {source} i
    LEFT JOIN accounts by_id ON by_id.external_id = i.company_external_id
    LEFT JOIN accounts by_name ON by_name.name_norm = i.company_norm GROUP BY i.line"""
IN_HAND = """(SELECT * FROM unnest(CAST(:lines AS integer[]), CAST(:ids AS text[]), CAST(:names AS text[]))
    AS line (line, company_external_id, company_norm))"""

WITH_ACCOUNTS = (
    "ALTER TABLE incoming ADD COLUMN account_id uuid, ADD COLUMN is_of_two boolean",
    f"""UPDATE incoming i SET account_id = found.account_id, is_of_two = found.is_of_two
        FROM ({FIND_ACCOUNTS.format(source="incoming")}) found
        WHERE found.line = i.line""",
    "UPDATE incoming i SET company = a.name FROM accounts a WHERE a.id = i.account_id AND i.company IS NULL",
)
REFUSE = f"""
    WITH refused AS (DELETE FROM incoming WHERE {{which}} RETURNING id, line, company, company_external_id)
    {INSERT_RESULT} i.id, i.line, '{LineOutcome.REFUSED}', 'company', coalesce(i.company, i.company_external_id, ''),
        '', '{{reason}}', NULL, NULL, NULL, NULL FROM refused i"""
REFUSE_WITHOUT_ACCOUNT = (
    REFUSE.format(which="is_of_two", reason=LineReason.ID_OF_OTHER_COMPANY),
    REFUSE.format(which="account_id IS NULL", reason=LineReason.UNKNOWN_ACCOUNT),
)
REFUSE_PERIODS = f"""
    WITH wrong AS (
        DELETE FROM incoming i USING unnest(CAST(:lines AS integer[]), CAST(:reasons AS text[])) AS f (line, reason)
        WHERE f.line = i.line RETURNING i.id, i.line, i.company, f.reason)
    {INSERT_RESULT} i.id, i.line, '{LineOutcome.REFUSED}', 'company', i.company, '', i.reason,
        NULL, NULL, NULL, NULL FROM wrong i"""
KEYS = {
    ImportKind.USAGE: "to_char(day, 'YYYY-MM-01')",
    ImportKind.SUBSCRIPTIONS: "to_char(starts_on, 'YYYY-MM-DD')",
}
ROLLED_UP = """
    CREATE TEMP TABLE repeated ON COMMIT DROP AS
    WITH used AS (
        SELECT i.key, array_agg(DISTINCT v.name ORDER BY v.name) AS features FROM incoming i
        CROSS JOIN LATERAL unnest(string_to_array(i.features, '; ')) AS v (name) GROUP BY i.key)
    SELECT i.key, (array_agg(i.id ORDER BY i.line))[1] AS id, min(i.line) AS line, i.account_id,
        date_trunc('month', min(i.day))::date AS month, max(i.active_users) AS active_users,
        (array_agg(i.licenses ORDER BY i.day DESC, i.line DESC) FILTER (WHERE i.licenses IS NOT NULL))[1] AS licenses,
        coalesce(u.features, '{}') AS features
    FROM incoming i LEFT JOIN used u ON u.key = i.key GROUP BY i.key, i.account_id, u.features"""
MARK_LATEST = """
    UPDATE account_usage t SET is_latest = NOT t.is_latest
    FROM (SELECT account_id, max(month) AS month FROM account_usage WHERE account_id IN ({accounts})
        GROUP BY account_id) newest
    WHERE newest.account_id = t.account_id AND t.is_latest <> (t.month = newest.month)"""


class Period(NamedTuple):
    """A subscription, as a line of a file tells it or as it is stored."""

    account_id: UUID
    starts_on: date
    ends_on: date | None

    def overlaps(self, other: "Period") -> bool:
        last, others_last = self.ends_on or date.max, other.ends_on or date.max
        return self.starts_on <= others_last and other.starts_on <= last


def find_accounts(
    session: Session, lines: Mapping[int, Mapping[str, str]]
) -> tuple[dict[int, UUID], dict[int, LineReason]]:
    """Return the account of each line in hand that has one, and why others have none."""
    given: dict[str, list[Any]] = {"lines": [*lines]}
    given["ids"] = [cells["company_external_id"] or None for cells in lines.values()]
    given["names"] = [cells["company_norm"] or None for cells in lines.values()]
    found = session.execute(text(FIND_ACCOUNTS.format(source=IN_HAND)), given).all()
    accounts = {line: account_id for line, account_id, is_of_two in found if account_id and not is_of_two}
    faults = {line: _no_account(is_of_two) for line, _, is_of_two in found if line not in accounts}
    return accounts, faults


def _no_account(is_of_two: bool) -> LineReason:
    return LineReason.ID_OF_OTHER_COMPANY if is_of_two else LineReason.UNKNOWN_ACCOUNT


def key_of(kind: ImportKind, account_id: UUID, cells: Mapping[str, str]) -> dict[str, str]:
    """Return the cells by which a line is known: its account, and its month or first day."""
    if kind == ImportKind.USAGE:
        return {"account_id": str(account_id), "month": f"{cells['day'][:7]}-01"}
    return {"account_id": str(account_id), "starts_on": cells["starts_on"]}


def faults_in_hand(
    session: Session, kind: ImportKind, lines: Mapping[int, Mapping[str, str]], accounts: Mapping[int, UUID]
) -> dict[int, LineReason]:
    if kind != ImportKind.SUBSCRIPTIONS:
        return {}
    told = {line: (lines[line]["starts_on"], lines[line]["ends_on"]) for line in accounts}
    periods = {
        line: Period(accounts[line], date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for line, (first, last) in told.items()
    }
    return period_faults(session, periods)


def period_faults(session: Session, periods: Mapping[int, Period]) -> dict[int, LineReason]:
    """Return which lines can't be imported beside the others: by line, in the order of the file."""
    faults = {
        line: LineReason.ENDS_BEFORE_IT_STARTS
        for line, period in periods.items()
        if period.ends_on and period.ends_on < period.starts_on
    }
    sound = {line: period for line, period in periods.items() if line not in faults}
    overlapping = _overlaps_earlier(sound) | _overlaps_stored(session, sound)
    return faults | dict.fromkeys(sorted(overlapping), LineReason.OVERLAPPING_SUBSCRIPTION)


def set_keys(kind: ImportKind) -> str:
    return f"UPDATE incoming SET key = account_id || chr(31) || {KEYS[kind]}"


def refuse_wrong_periods(session: Session, run: Callable[[str], Any], given: Mapping[str, Any]) -> None:
    """Refuse what ends too early, or overlaps what another line or what is stored says."""
    rows = run("SELECT line, account_id, starts_on, ends_on FROM incoming")
    faults = period_faults(session, {line: Period(*period) for line, *period in rows})
    if faults:
        wrong = {"lines": [*faults], "reasons": [reason.value for reason in faults.values()]}
        session.execute(text(REFUSE_PERIODS), {**given, **wrong})


def _overlaps_earlier(periods: Mapping[int, Period]) -> set[int]:
    """The lines that share time with an earlier line; one with the same first day repeats it."""
    found, before = set[int](), defaultdict[UUID, list[Period]](list)
    for line, period in sorted(periods.items()):
        known = before[period.account_id]
        if any(each.overlaps(period) and each.starts_on != period.starts_on for each in known):
            found.add(line)
        if all(each.starts_on != period.starts_on for each in known):
            known.append(period)
    return found


def _overlaps_stored(session: Session, periods: Mapping[int, Period]) -> set[int]:
    """The lines that share time with what stays: a stored one with the first day of a sound line is replaced."""
    stored = defaultdict[UUID, list[Period]](list)
    for each in _stored(session, {period.account_id for period in periods.values()}):
        stored[each.account_id].append(each)
    found = _overlaps_earlier(periods)
    while more := {*_overlapping_now(periods, stored, found)} - found:
        found |= more
    return found


def _overlapping_now(
    periods: Mapping[int, Period], stored: Mapping[UUID, list[Period]], refused: set[int]
) -> Iterator[int]:
    """What is refused replaces nothing, so that more may stay, and more overlap it."""
    sound = {line: period for line, period in periods.items() if line not in refused}
    replaced = {(period.account_id, period.starts_on) for period in sound.values()}
    for line, period in sound.items():
        staying = (each for each in stored.get(period.account_id, ()) if each[:2] not in replaced)
        if any(period.overlaps(each) for each in staying):
            yield line


def _stored(session: Session, account_ids: Iterable[UUID]) -> Iterator[Period]:
    columns = (Subscription.account_id, Subscription.starts_on, Subscription.ends_on)
    for row in session.execute(select(*columns).where(Subscription.account_id.in_(account_ids))):
        yield Period(*row)

"""Who is opted out in the file is suppressed here for exactly that, in the transaction that makes the people."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from portal.advocates.models import ConsentPurpose
from portal.imports.models import Import, ImportResult, LineOutcome, LineReason
from portal.imports.values.opt_out_columns import UNCLEAR, OptOutMeaning
from portal.outreach.suppressions.import_opt_out_actions import (
    OptOut,
    OptOutResult,
    agreed_since,
    suppress_opt_outs,
)
from portal.outreach.suppressions.models import SuppressionReason
from tenants.database import tenant_of
from tenants.email_addresses import normalize_email

M, R = OptOutMeaning, SuppressionReason
SUPPRESSED_BY: dict[OptOutMeaning, tuple[tuple[SuppressionReason, str], ...]] = {
    M.EMAILS: ((R.OPTED_OUT, ""),),
    M.OPT_IN: ((R.OPTED_OUT, ""),),
    M.CALLS: ((R.OPTED_OUT, ConsentPurpose.CALLS),),
    M.CONTACT: ((R.OPTED_OUT, ""), (R.OPTED_OUT, ConsentPurpose.CALLS)),
    M.EVENTS: ((R.OPTED_OUT, ConsentPurpose.EVENTS),),
    M.NEWS: ((R.OPTED_OUT, ConsentPurpose.NEWS),),
    M.REVIEWS: ((R.OPTED_OUT, ConsentPurpose.REVIEWS),),
    M.BOUNCED: ((R.BOUNCED, ""),),
}
REASONS = {
    M.EMAILS: LineReason.OPTED_OUT_OF_EMAILS,
    M.OPT_IN: LineReason.NOT_OPTED_IN,
    M.CALLS: LineReason.OPTED_OUT_OF_CALLS,
    M.CONTACT: LineReason.OPTED_OUT_OF_CONTACT,
    M.EVENTS: LineReason.OPTED_OUT_OF_EVENTS,
    M.NEWS: LineReason.OPTED_OUT_OF_NEWS,
    M.REVIEWS: LineReason.OPTED_OUT_OF_REVIEWS,
    M.BOUNCED: LineReason.BOUNCED,
}
OPTED_OUT_LINES = (
    "SELECT line, email, email_norm, opt_outs FROM incoming WHERE opt_outs IS NOT NULL ORDER BY line"
)
OPTED_OUT_KNOWN_BY_ID = """SELECT i.line, m.email, m.email AS email_norm, i.opt_outs FROM incoming i
    JOIN moved m USING (id) WHERE i.opt_outs IS NOT NULL"""
MANY = 5_000


def suppress_opted_out(session: Session, this: Import) -> None:
    """Suppress everybody whose line says so, repeated lines included, also at another address that stays."""
    said = _opted_out_lines(session, this, OPTED_OUT_LINES)
    opted_out = dict.fromkeys(
        each
        for line, (column, means, _) in [*said, *_opted_out_lines(session, this, OPTED_OUT_KNOWN_BY_ID)]
        for each in _opt_outs(this, line.email_norm, column, means)
    )
    kept = suppress_opt_outs(session, this.id, opted_out)
    results = [_result(session, this, line, each, kept) for line, each in said]
    for at in range(0, len(results), MANY):
        session.execute(insert(ImportResult), results[at : at + MANY])


def count_agreed_again(session: Session, this: Import, lines: Iterable[tuple[str, str]]) -> int:
    """Count people who agreed here since an earlier file opted them out; `lines` are (address, tokens)."""
    opted_out = {
        each
        for address, opt_outs in lines
        for column, means, _ in parse_opt_out_tokens(this, opt_outs)
        for each in _opt_outs(this, address, column, means)
    }
    return len({each.address for each in agreed_since(session, opted_out)})


def _opted_out_lines(
    session: Session, this: Import, lines: str
) -> list[tuple[Any, tuple[int, OptOutMeaning, bool]]]:
    found = session.execute(text(lines)).all()
    return [(line, each) for line in found for each in parse_opt_out_tokens(this, line.opt_outs)]


def parse_opt_out_tokens(this: Import, opt_outs: str) -> Iterator[tuple[int, OptOutMeaning, bool]]:
    for token in opt_outs.split():
        yield int(token[:-1]), OptOutMeaning(this.opt_outs[token[:-1]]), token[-1] != UNCLEAR


def _opt_outs(this: Import, address: str, column: int, means: OptOutMeaning) -> Iterable[OptOut]:
    return (
        OptOut(normalize_email(address), reason, purpose, _heading(this, column))
        for reason, purpose in SUPPRESSED_BY[means]
    )


def _heading(this: Import, column: int) -> str:
    return this.header[column] or f"{column + 1}."


def _result(
    session: Session, this: Import, line: Any, token: tuple[int, OptOutMeaning, bool], outcome: OptOutResult
) -> dict[str, object]:
    return {
        "tenant_id": tenant_of(session),
        "import_id": this.id,
        "line": line.line,
        "outcome": LineOutcome.SUPPRESSED,
        "column": _heading(this, token[0]),
        "value": line.email,
        **_reason(this, line.email_norm, token, outcome),
    }


def _reason(
    this: Import, address: str, token: tuple[int, OptOutMeaning, bool], outcome: OptOutResult
) -> dict[str, object]:
    """Its two columns: what ended, and when the person had agreed here although the file says so again."""
    column, means, is_clear = token
    mine = list(_opt_outs(this, address, column, means))
    if any(each in outcome.skipped_colleagues for each in mine):
        return {"reason": LineReason.COLLEAGUE, "reason_params": {}}
    days = [outcome.agreed_since[each] for each in mine if each in outcome.agreed_since]
    params = {"agreed_on": max(days).date().isoformat()} if days else {}
    return {"reason": REASONS[means] if is_clear else LineReason.UNCLEAR_OPT_OUT, "reason_params": params}

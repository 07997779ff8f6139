"""Who is opted out in the file is suppressed here for exactly that, in the transaction that makes the people."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from portal.advocates.models import ConsentPurpose
from portal.imports.models import Import, ImportResult, LineOutcome
from portal.imports.values.opt_out_columns import UNCLEAR, OptOutMeaning
from portal.outreach.suppressions.import_opt_outs import OptOut, OptOutResult, agreed_since, suppress_opt_outs
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
MEANING_LABELS = {
    M.EMAILS: _l("No invitations and no program emails from now on."),
    M.OPT_IN: _l("Hasn’t agreed, so no invitations and no program emails from now on."),
    M.CALLS: _l("No calls from now on."),
    M.CONTACT: _l("No invitations, no program emails and no calls from now on."),
    M.EVENTS: _l("No emails about events from now on."),
    M.NEWS: _l("No news from now on."),
    M.REVIEWS: _l("No emails about reviews from now on."),
    M.BOUNCED: _l("No emails from now on: the address doesn’t work."),
}
UNCLEAR_VALUE = _l("We can’t read this value, so it’s treated as opted out.")
IS_MEMBER_HERE = _l("Works at your company, so nothing was changed.")
AGREED_SINCE = _l("Gave consent here on %(day)s, but the file still says opted out, so they stay suppressed.")
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
        "reason": _reason(this, line.email_norm, token, outcome),
    }


def _reason(this: Import, address: str, token: tuple[int, OptOutMeaning, bool], outcome: OptOutResult) -> str:
    column, means, is_clear = token
    mine = list(_opt_outs(this, address, column, means))
    if any(each in outcome.skipped_colleagues for each in mine):
        return str(IS_MEMBER_HERE)
    told = str(MEANING_LABELS[means] if is_clear else UNCLEAR_VALUE)
    days = [outcome.agreed_since[each] for each in mine if each in outcome.agreed_since]
    return f"{str(AGREED_SINCE) % {'day': max(days).date()}} {told}" if days else told

"""Who is opted out in the file is suppressed here for exactly that, in the transaction that makes the people."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from portal.advocates.models import Purpose
from portal.imports.models import Import, ImportResult, Outcome
from portal.imports.opt_outs import UNCLEAR, Means
from portal.outreach.suppression.from_files import Kept, OptOut, agreed_again, suppress_all
from portal.outreach.suppression.models import Reason
from tenants.addresses import normal_email
from tenants.database import tenant_of

M, R = Means, Reason
ENDS: dict[Means, tuple[tuple[Reason, str], ...]] = {
    M.EMAILS: ((R.OPTED_OUT, ""),),
    M.OPT_IN: ((R.OPTED_OUT, ""),),
    M.CALLS: ((R.OPTED_OUT, Purpose.CALLS),),
    M.CONTACT: ((R.OPTED_OUT, ""), (R.OPTED_OUT, Purpose.CALLS)),
    M.EVENTS: ((R.OPTED_OUT, Purpose.EVENTS),),
    M.NEWS: ((R.OPTED_OUT, Purpose.NEWS),),
    M.REVIEWS: ((R.OPTED_OUT, Purpose.REVIEWS),),
    M.BOUNCED: ((R.BOUNCED, ""),),
}
TOLD = {
    M.EMAILS: _l("No invitations and no program emails from now on."),
    M.OPT_IN: _l("Has not agreed, so no invitations and no program emails from now on."),
    M.CALLS: _l("Is not asked for calls from now on."),
    M.CONTACT: _l("No invitations, no program emails and no calls from now on."),
    M.EVENTS: _l("No emails about events from now on."),
    M.NEWS: _l("No news from now on."),
    M.REVIEWS: _l("No emails about reviews from now on."),
    M.BOUNCED: _l("Gets no emails from now on: the address doesn’t work."),
}
NOT_CLEAR = _l("We can’t read this value, so it counts as opted out.")
COLLEAGUE = _l("Works here: nothing was changed.")
AGREED = _l("Agreed here on %(day)s; the file still says opted out, so that holds.")
OPTED_OUT = "SELECT line, email, email_norm, opt_outs FROM incoming WHERE opt_outs IS NOT NULL ORDER BY line"
MOVED = """SELECT i.line, m.email, m.email AS email_norm, i.opt_outs FROM incoming i JOIN moved m USING (id)
    WHERE i.opt_outs IS NOT NULL"""
MANY = 5_000


def suppress(session: Session, this: Import) -> None:
    """Every line counts, also a second one about the same person; and the address in the file, if another one stays."""
    said = _said(session, this, OPTED_OUT)
    wanted = dict.fromkeys(
        each
        for line, (column, means, _) in [*said, *_said(session, this, MOVED)]
        for each in _opt_outs(this, line.email_norm, column, means)
    )
    kept = suppress_all(session, this.id, wanted)
    results = [_result(session, this, line, each, kept) for line, each in said]
    for at in range(0, len(results), MANY):
        session.execute(insert(ImportResult), results[at : at + MANY])


def how_many_agreed(session: Session, this: Import, said: Iterable[tuple[str, str]]) -> int:
    """People who agreed here since an earlier file said the same; address and tokens of each."""
    wanted = {
        each
        for address, opt_outs in said
        for column, means, _ in tokens(this, opt_outs)
        for each in _opt_outs(this, address, column, means)
    }
    return len({each.address for each in agreed_again(session, wanted)})


def _said(session: Session, this: Import, lines: str) -> list[tuple[Any, tuple[int, Means, bool]]]:
    found = session.execute(text(lines)).all()
    return [(line, each) for line in found for each in tokens(this, line.opt_outs)]


def tokens(this: Import, opt_outs: str) -> Iterator[tuple[int, Means, bool]]:
    """Column, what it means, and whether its value could be read: as the reader of lines noted them."""
    for token in opt_outs.split():
        yield int(token[:-1]), Means(this.opt_outs[token[:-1]]), token[-1] != UNCLEAR


def _opt_outs(this: Import, address: str, column: int, means: Means) -> Iterable[OptOut]:
    return (
        OptOut(normal_email(address), reason, purpose, _heading(this, column))
        for reason, purpose in ENDS[means]
    )


def _heading(this: Import, column: int) -> str:
    return this.header[column] or f"{column + 1}."


def _result(
    session: Session, this: Import, line: Any, said: tuple[int, Means, bool], kept: Kept
) -> dict[str, object]:
    return {
        "tenant_id": tenant_of(session),
        "import_id": this.id,
        "line": line.line,
        "outcome": Outcome.SUPPRESSED,
        "column": _heading(this, said[0]),
        "value": line.email,
        "reason": _reason(this, line.email_norm, said, kept),
    }


def _reason(this: Import, address: str, said: tuple[int, Means, bool], kept: Kept) -> str:
    column, means, is_clear = said
    mine = list(_opt_outs(this, address, column, means))
    if any(each in kept.passed for each in mine):
        return str(COLLEAGUE)
    told = str(TOLD[means] if is_clear else NOT_CLEAR)
    days = [kept.agreed[each] for each in mine if each in kept.agreed]
    return f"{str(AGREED) % {'day': max(days).date()}} {told}" if days else told

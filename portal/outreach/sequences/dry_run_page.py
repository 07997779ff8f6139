"""The page of the dry run: how many get it and from when, how many later or not and why, and everybody by name."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.outreach.labels import status_text
from portal.outreach.sequences import labels
from portal.outreach.sequences.dry_run import DryRunResult, run_dry
from portal.outreach.sequences.forecast import ForecastOutcome
from portal.outreach.sequences.models import SequenceState
from portal.outreach.sequences.queries import SequenceDetail
from portal.paging import paginate_list
from portal.segments.audience import fingerprint_of
from portal.web.filters import moment, number


def render_dry_run(session: Session, detail: SequenceDetail, outcome: str, cursor: str | None) -> str:
    result = run_dry(session, detail)
    chosen = ForecastOutcome(outcome) if outcome in set(ForecastOutcome) else _first_nonempty(result)
    return render_template(
        "outreach/sequences/dry_run.html",
        detail=detail,
        sequence=detail.sequence,
        name=labels.sequence_name(detail.sequence),
        seen=fingerprint_of(session, detail.sequence.is_for),
        is_draft=detail.sequence.state is SequenceState.DRAFT,
        title=title(result),
        start=start_summary(result),
        result=result,
        reasons={each: _reasons(result, each) for each in (ForecastOutcome.LATER, ForecastOutcome.NOT)},
        outcome=chosen,
        page=paginate_list(result.lines_with(chosen), lambda line: str(line.recipient.key), cursor),
        labels=labels,
        status_text=status_text,
    )


def title(result: DryRunResult) -> str:
    reached = result.counts[ForecastOutcome.GETS] + result.counts[ForecastOutcome.LATER]
    if not reached:
        return _("No one would receive it")
    return ngettext(
        "%(n)s person would receive it", "%(n)s people would receive it", reached, n=number(reached)
    )


def start_summary(result: DryRunResult) -> str:
    reached = result.counts[ForecastOutcome.GETS] + result.counts[ForecastOutcome.LATER]
    get = ngettext(
        "%(n)s person gets the first email, starting %(when)s.",
        "%(n)s people get the first email, starting %(when)s.",
        reached,
        n=number(reached),
        when=moment(result.first_leaves_at()),
    )
    left = result.counts[ForecastOutcome.NOT]
    rest = ngettext("%(n)s person won’t receive it.", "%(n)s people won’t receive it.", left, n=number(left))
    return f"{get} {rest}" if left else get


def _first_nonempty(result: DryRunResult) -> ForecastOutcome:
    return next((each for each in ForecastOutcome if result.counts[each]), ForecastOutcome.GETS)


def _reasons(result: DryRunResult, outcome: ForecastOutcome) -> list[tuple[int, Any]]:
    """The most frequent first; the rest is one line."""
    return [(many, labels.short_reason(*why)) for why, many in result.reasons(outcome)]

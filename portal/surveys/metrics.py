"""What surveys say in figures: NPS, the answers behind it, and all answers of a survey in a file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, joinedload

from portal import policies
from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.advocates.queries import full_name
from portal.declarations.metric_counts import count_by_month
from portal.declarations.metrics import (
    Beside,
    CountWindows,
    LikelyRange,
    Metric,
    MetricCounter,
    MetricPart,
    MetricRows,
    NetShare,
    Numbers,
    PeriodRule,
    RowsWindow,
    Share,
    Statement,
    Unit,
)
from portal.exports.cells import day_in, labeled, text
from portal.exports.export_table import ExportTable
from portal.i18n import mark
from portal.policies import declare
from portal.reporting.calendar import reporting_calendar
from portal.reporting.periods import add_months, first_of_month
from portal.surveys.models import Survey, SurveyRecipient
from portal.surveys.queries import IS_ASKED, SHOWS, SurveyRound, counts_in_nps, imported_scores
from portal.surveys.scores import ENOUGH, Group, Tally, nps_interval
from portal.surveys.scores import NPS as NPS_MEASURE
from portal.web.filters import number
from portal.zone_changes import day_at, zone_periods

R = SurveyRecipient
MONTHS_OF_A_ROUND = 3  # of a sample
NPS_TARGET = declare(
    "metrics.nps_target", 40, "Target for NPS", "From 1 to 100. 0 means no target.", high=100
)
PARTS: Mapping[str, ColumnElement[bool]] = {
    name: SHOWS[name] for name in ("answered", *(group.value for group in Group), "silent")
} | {"asked": true()}


def _count(session: Session, windows: CountWindows) -> Statement:
    """In the month of the ask, whenever the answer came: what came or changed in a later one is a correction."""
    entered_at = func.greatest(R.asked_at, R.changed_at)  # it leaves out what is null
    counted = count_by_month(R.asked_at, list(PARTS.values()), windows, entered_at=entered_at)
    return counted.where(IS_ASKED, counts_in_nps())


def tally_in(session: Session, window: RowsWindow) -> Tally:
    """Of any period, as the page of metrics counts it."""
    found = session.execute(_count(session, CountWindows([window.start, window.end], []))).one_or_none()
    return _tally(dict(zip(PARTS, found.numbers, strict=True))) if found else Tally()


def _first_ask() -> ColumnElement[Any]:
    return select(func.min(R.asked_at)).where(counts_in_nps()).scalar_subquery()


def _rows(window: RowsWindow, part: str) -> Select[SurveyRecipient]:
    within = (R.asked_at >= window.start, R.asked_at < window.end)
    return select(R).where(*within, IS_ASKED, counts_in_nps(), PARTS[part])


def rows(session: Session, window: RowsWindow, part: str) -> Select[SurveyRecipient]:
    person = joinedload(R.advocate).joinedload(Advocate.account)
    return _rows(window, part).options(person, joinedload(R.survey))


def corrected(
    session: Session, rows: Sequence[SurveyRecipient], window: RowsWindow, reader: object
) -> Mapping[str, Any]:
    """Which answers came, or changed, after the month of the ask had closed."""
    zones = zone_periods(session)

    def month(moment: datetime) -> date:
        return first_of_month(day_at(zones, moment))

    late = {row.id for row in rows if row.changed_at and month(row.changed_at) > month(row.asked_at)}
    return {"corrected": late}


def rows_file(session: Session, window: RowsWindow, part: str) -> ExportTable:
    return _file_of(_rows(window, part).order_by(R.asked_at, R.id), window.zone, [])


def likely_range(numbers: Numbers) -> tuple[float, float] | None:
    if numbers["answered"] < ENOUGH:
        return None
    found = nps_interval(numbers[Group.PROMOTERS], numbers[Group.DETRACTORS], numbers["answered"])
    return found.low, found.high


def could_be_chance(now: Numbers, before: Numbers) -> bool:
    return NPS_MEASURE.could_be_chance(_tally(now), _tally(before))


def _tally(numbers: Numbers) -> Tally:
    """One score stands for all of its group."""
    return Tally(numbers["asked"], {group.scores[0]: numbers[group] for group in Group})


def targets(session: Session, survey: Survey, rounds: Sequence[SurveyRound]) -> list[int]:
    """As the target was when each round closed; a survey whose score counts nowhere has none."""
    if not survey.counts_in_nps:
        return [0] * len(rounds)
    calendar = reporting_calendar(session)
    ends = [calendar.now] * len(rounds)
    if survey.is_rolling:
        ends = calendar.closes([add_months(one.wave, MONTHS_OF_A_ROUND) for one in rounds])
    closes = [min(end, one.closed_at or end) for end, one in zip(ends, rounds, strict=True)]
    return policies.values_at(session, NPS_TARGET, closes)


def imported(session: Session) -> str:
    """Named beside ours, part of none of our numbers."""
    tally = imported_scores(session)
    if tally.nps is None:
        return ""
    score = f"{tally.nps:+d}" if tally.nps else "0"
    return ngettext(
        "Scores that came with your files, which count nowhere: %(score)s, from one person.",
        "Scores that came with your files, which count nowhere: %(score)s, from %(n)s people.",
        tally.answered,
        score=score,
        n=number(tally.answered),
    )


NPS = Metric(
    name="nps",
    position=50,
    label=mark("NPS"),
    short_label=mark("NPS"),
    definition=mark(
        "Of all who told a survey how likely they are to recommend you, the share who gave 9 or 10 less the share "
        "who gave 0 to 6. "
        "An answer counts in the month in which the person was asked, whenever it came."
    ),
    formula=mark("%% who gave 9 or 10, minus %% who gave 0 to 6"),
    exclusions=mark(
        "Surveys that ask something else, feedback on events, and scores that came with your files."
    ),
    rule=PeriodRule.BY_ASK,
    unit=Unit.SCORE,
    value=NetShare(Group.PROMOTERS.value, Group.DETRACTORS.value, "answered"),
    likely_range=LikelyRange(likely_range, mark("Not enough answers"), could_be_chance),
    beside=Beside(
        Share("answered", "asked"), mark("%(part)s of %(whole)s asked have answered, %(percent)s%%")
    ),
    parts=(
        MetricPart(name="answered", label=mark("Answers")),
        MetricPart(name=Group.PROMOTERS.value, label=mark("Promoters")),
        MetricPart(name=Group.PASSIVES.value, label=mark("Passives")),
        MetricPart(name=Group.DETRACTORS.value, label=mark("Detractors")),
        MetricPart(name="silent", label=mark("No answer")),
        MetricPart(name="asked", label=mark("Asked")),
    ),
    counter=MetricCounter("scores", tuple(PARTS), _count, _first_ask),
    rows=MetricRows(
        select=rows,
        key=(R.asked_at, R.id),
        template="surveys/metric_rows.html",
        export=rows_file,
        context=corrected,
        lede=mark("People who were asked for a score in this period, newest first."),
        link_label=mark("See the answers"),
    ),
    target=NPS_TARGET,
    aside=imported,
    headline=mark("%(n)s."),
    no_data=mark("No survey yet"),
    first_step=("surveys.new", mark("Ask a question")),
    empty_text=mark("Ask how likely your customers are to recommend you, once or a few people every week."),
)
METRICS = (NPS,)


def answers_file(survey: Survey, zone: str) -> ExportTable:
    """Everybody who was asked, in all rounds, with what they said."""
    found = select(R).where(R.survey_id == survey.id, IS_ASKED)
    return _file_of(found.order_by(R.asked_at, R.id), zone, survey.choices)


def _file_of(found: Select[SurveyRecipient], zone: str, choices: list[str]) -> ExportTable:
    found = found.join(Advocate, Advocate.id == R.advocate_id).join(Survey, Survey.id == R.survey_id)
    found = found.outerjoin(Account, Account.id == Advocate.account_id)
    cells = _cells(zone, choices)
    return ExportTable(list(cells), found.with_only_columns(*cells.values(), maintain_column_froms=True))


def _cells(zone: str, choices: list[str]) -> Mapping[str, ColumnElement[str]]:
    return {
        _("Name"): text(full_name()),
        _("Email"): text(Advocate.email),
        _("Company"): text(func.coalesce(Account.name, Advocate.company)),
        _("Survey"): text(Survey.title),
        _("Asked on"): day_in(zone, R.asked_at),
        _("Answered on"): day_in(zone, R.answered_at),
        _("Changed on"): day_in(zone, R.changed_at),
        _("Answer"): labeled(func.coalesce(R.score, R.choice), dict(enumerate(choices))),
        _("Why"): text(R.why),
        _("May be quoted"): labeled(R.may_quote, {"true": _("yes"), "false": ""}),
        _("Called back on"): day_in(zone, R.followed_up_at),
    }

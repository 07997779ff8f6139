"""Surveys for managers: the list, a draft with its audience, results, and people behind every number."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import true

from portal import history, policies
from portal.advocates.models import IN_PROGRAM, Advocate
from portal.asks.calendar_days import workspace_zone
from portal.campaigns import approval
from portal.campaigns import queries as campaigns
from portal.campaigns.audience import audience_counts, audience_people, people_of
from portal.campaigns.campaign_page import panel
from portal.campaigns.forms import StartForm
from portal.campaigns.labels import HALTS, PERSON_STATES, left_out_lines, left_out_words
from portal.campaigns.models import CampaignPerson, LeftOut, PersonState
from portal.campaigns.policies import APPROVAL_ABOVE
from portal.errors import NotFound
from portal.exports import list_download
from portal.lists.list_page import list_page
from portal.paging import KeysetPage
from portal.reporting.calendar import reporting_calendar
from portal.reporting.periods import PeriodChoice
from portal.segments.audience import fingerprint_of
from portal.segments.audience_summary import audience_summary
from portal.segments.draws import has_changed_since
from portal.surveys import actions, follow_up, metrics, queries, reasons
from portal.surveys.campaign import CAMPAIGN
from portal.surveys.export import SURVEY_ANSWERS
from portal.surveys.forms import FollowUpForm
from portal.surveys.labels import answer_words, history_line, number_labels, state_badge
from portal.surveys.lists import SURVEYS
from portal.surveys.models import Survey, SurveyState
from portal.surveys.scores import MEAN, NPS, Group, Tally, score_chart
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES

NOT_ASKED = {
    "queued": CampaignPerson.state == PersonState.QUEUED,
    **{reason.value: CampaignPerson.left_out == reason for reason in LeftOut},
}
IS_IN_PROGRAM = Advocate.state.in_(IN_PROGRAM)
SHOWS = queries.SHOWS | follow_up.SHOWS
ANSWERS_FILE = "survey-answers.csv"
bp = Blueprint("surveys", __name__, url_prefix="/<workspace>/surveys")


@bp.get("")
@allow(*MANAGER_ROLES)
def index() -> ResponseReturnValue:
    return render_template(
        "surveys/index.html",
        page=list_page(SURVEYS),
        quarter=_this_quarter(),
        imported=queries.imported_scores(db),
        state_badge=state_badge,
    )


def _this_quarter() -> Tally:
    """The same number as at home and on the page of metrics."""
    calendar = reporting_calendar(db)
    return metrics.tally_in(db, calendar.rows_window(calendar.period(PeriodChoice.QUARTER)))


@bp.post("/<uuid:survey_id>/discard")
@allow(*MANAGER_ROLES)
def discard(survey_id: UUID) -> ResponseReturnValue:
    actions.discard_draft(db, survey_id)
    flash(_("The draft is gone. Nobody was asked."))
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:survey_id>/launch")
@allow(*MANAGER_ROLES)
def launch(survey_id: UUID) -> ResponseReturnValue:
    survey = queries.get(db, survey_id)
    counts, form = _counts(survey), StartForm()
    _set_approvers(form, counts)
    if not form.validate_on_submit():
        return _draft(survey, counts, form), 422
    if form.saw_another(fingerprint_of(db, survey.is_for)):
        return _draft(survey, counts, form, has_changed=True), 409
    survey = actions.launch(db, survey_id, form.schedule(workspace_zone(db)), by=member)
    flash(_launched_words(survey, form))
    return to_page(survey)


def _launched_words(survey: Survey, form: StartForm) -> str:
    if form.needs_approval:
        return _("It waits for approval. No one is asked before that.")
    if survey.is_rolling:
        return _("The sample has started. Those whose week it is are asked within the hour.")
    return _("Off it goes. Answers show up here as they come in.")


@bp.post("/<uuid:survey_id>/close")
@allow(*MANAGER_ROLES)
def close(survey_id: UUID) -> ResponseReturnValue:
    actions.close(db, survey_id, by=member)
    flash(_("Closed. Nobody else is asked, and no answer can change any more."))
    return redirect(url_for(".show", survey_id=survey_id), 303)


@bp.get("/<uuid:survey_id>")
@allow(*MANAGER_ROLES)
def show(survey_id: UUID) -> ResponseReturnValue:
    shown = queries.survey_on_page(db, survey_id)
    survey = shown.survey
    if survey.state is not SurveyState.DRAFT:
        return _results(shown)
    counts, form = _counts(survey), StartForm(formdata=None)
    _set_approvers(form, counts)
    halt = shown.campaign.halt if shown.campaign else None
    return _draft(survey, counts, form, halted=HALTS[halt] if halt else "")


def _counts(survey: Survey) -> dict[str, int]:
    return audience_counts(db, CAMPAIGN, people_of(db, CAMPAIGN, survey))


def _set_approvers(form: StartForm, counts: dict[str, int]) -> None:
    is_needed = approval.is_needed(db, counts.get("", 0))
    others = approval.possible_approvers(db, member) if is_needed else ()
    form.set_approvers(others, is_needed=is_needed)


def _draft(
    survey: Survey, counts: dict[str, int], form: StartForm, *, has_changed: bool = False, halted: object = ""
) -> str:
    form.seen.data = fingerprint_of(db, survey.is_for)
    return render_template(
        "surveys/draft.html",
        has_changed=has_changed,
        halted=halted,
        summary=audience_summary(db, survey.is_for, member, IS_IN_PROGRAM),
        survey=survey,
        asked=counts.get("", 0),
        left_out=left_out_lines(CAMPAIGN, counts),
        form=form,
        approval_above=policies.value(db, APPROVAL_ABOVE),
    )


def _results(shown: queries.SurveyOnPage) -> str:
    survey, rounds = shown.survey, queries.rounds(db, shown.survey)
    this_round = queries.is_in_round(survey, rounds[-1].wave)
    written, calls = reasons.reasons(db, this_round), follow_up.call_list(db, this_round)
    progress = campaigns.progress_of(shown.lines, rounds[-1].wave if survey.is_rolling else None)
    tallies, measure = [each.tally for each in rounds], NPS if survey.counts_in_nps else MEAN
    return render_template(
        "surveys/results.html",
        survey=survey,
        rounds=rounds,
        chart=score_chart(tallies, metrics.targets(db, survey, rounds), measure),
        measure=measure,
        change=measure.change(tallies[-1], tallies[-2]) if len(tallies) > 1 else None,
        calls=calls,
        items=follow_up.action_items(calls.rows, member),
        written=written,
        sending=panel(db, CAMPAIGN, shown.campaign, progress, member) if shown.campaign else None,
        history=[history_line(entry) for entry in history.entries_about(db, survey)],
        groups=Group,
        open_asks=shown.open_asks,
        summary=audience_summary(db, survey.is_for, member, is_counted=False),
        has_changed=shown.drawn is not None and has_changed_since(db, shown.drawn),
    )


@bp.get("/<uuid:survey_id>/people")
@allow(*MANAGER_ROLES)
def people(survey_id: UUID) -> ResponseReturnValue:
    """Behind every number: before the launch those who would be asked, then those who were."""
    survey, show = queries.get(db, survey_id), request.args.get("show", "")
    words = left_out_words(CAMPAIGN)
    if survey.state is not SurveyState.DRAFT and show in NOT_ASKED:
        return _not_asked(survey, show, words)
    if survey.state is not SurveyState.DRAFT:
        return _recipients(survey, show if show in SHOWS else "asked")
    chosen = people_of(db, CAMPAIGN, survey)
    page = audience_people(db, CAMPAIGN, chosen, show, request.args.get("after"))
    return _people(survey, page, words[LeftOut(show)] if show in words else _("Gets it"))


def _not_asked(survey: Survey, show: str, words: dict[LeftOut, str]) -> str:
    """Who still waits, or is left out."""
    campaign = campaigns.of_subject(db, Survey.__tablename__, survey.id)
    if campaign is None:
        raise NotFound("There is no such survey.")
    page = campaigns.people(db, campaign.id, NOT_ASKED[show], request.args.get("after"))
    title = words[LeftOut(show)] if show in words else PERSON_STATES[PersonState.QUEUED]
    return _people(survey, page, title, recipients=True)


def _recipients(survey: Survey, show: str) -> str:
    this_round, theme = queries.is_in_round(survey, _wave()), request.args.get("theme", "")
    which = [this_round, SHOWS[show], reasons.writes(request.args.get("q", ""))]
    which += [reasons.who_mentions(db, this_round, theme)] if theme else []
    answers = show not in queries.NOT_ANSWERS
    page = queries.recipients(db, which, request.args.get("after"), are_answers=answers)
    return _people(survey, page, number_labels(survey)[show], recipients=True, answers=answers, theme=theme)


def _people(survey: Survey, page: KeysetPage[Any], title: object, **more: object) -> str:
    return render_template(
        "surveys/people.html", survey=survey, page=page, title=title, answer_words=answer_words, **more
    )


def _wave() -> date | None:
    """Of the round that the address names; what is no day names none."""
    try:
        return date.fromisoformat(request.args.get("wave", ""))
    except ValueError:
        return None


@bp.get("/<uuid:survey_id>/answers.csv")
@allow(*MANAGER_ROLES)
def answers_file(survey_id: UUID) -> ResponseReturnValue:
    return list_download.download_or_offer(SURVEY_ANSWERS, {"survey_id": str(survey_id)}, ANSWERS_FILE)


@bp.post("/<uuid:survey_id>/answers.csv")
@allow(*MANAGER_ROLES)
def make_answers_file(survey_id: UUID) -> ResponseReturnValue:
    return list_download.start_or_redirect(SURVEY_ANSWERS, {"survey_id": str(survey_id)}, ANSWERS_FILE)


@bp.get("/to-call")
@allow(*follow_up.CALLERS)
def to_call() -> ResponseReturnValue:
    """Everybody who is unhappy and waits: for managers all of them, for owners theirs."""
    which = true() if member.has_role(*MANAGER_ROLES) else follow_up.is_owned_by(member)
    page = follow_up.call_page(db, which, request.args.get("after"))
    items = follow_up.action_items(page.rows, member)
    return render_template("surveys/to_call.html", items=items, page=page, total=follow_up.count(db, which))


@bp.get("/answers/<uuid:recipient_id>")
@allow(*follow_up.CALLERS)
def answer(recipient_id: UUID) -> ResponseReturnValue:
    return _answer(recipient_id, FollowUpForm(formdata=None))


@bp.post("/answers/<uuid:recipient_id>/follow-up")
@allow(*follow_up.CALLERS)
def mark_followed_up(recipient_id: UUID) -> ResponseReturnValue:
    form, found = FollowUpForm(), follow_up.answer_for(db, recipient_id, member)
    if not form.validate_on_submit():
        return _answer(recipient_id, form), 422
    name = found.answer.advocate.name
    actions.mark_followed_up(db, found.answer, form.note.data or "", by=member)
    flash(_("Done. %(name)s is off the list.", name=name))
    return redirect(url_for(".answer", recipient_id=recipient_id), 303)


def _answer(recipient_id: UUID, form: FollowUpForm) -> str:
    found = follow_up.answer_for(db, recipient_id, member)
    return render_template("surveys/answer.html", found=found, form=form, words=answer_words(found.answer))


def to_page(survey: Survey) -> ResponseReturnValue:
    return redirect(url_for(".show", survey_id=survey.id), 303)

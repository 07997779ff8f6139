"""Surveys for managers: the list, a draft with its audience, results, and people behind every number."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import true

from portal import history, policies
from portal.advocates.filters import filter_options
from portal.asks.calendar_days import today
from portal.exports import export_table
from portal.paging import KeysetPage
from portal.surveys import actions, audience, follow_up, metrics, queries
from portal.surveys.forms import QUESTION, FollowUpForm, SurveyForm, form_data
from portal.surveys.labels import (
    LEFT_OUT,
    answer_words,
    history_line,
    left_out_lines,
    number_labels,
    state_badge,
)
from portal.surveys.models import Survey, SurveyState
from portal.surveys.scores import Group, could_be_chance, score_chart
from portal.surveys.themes import themes
from portal.web.access import allow
from portal.web.current import db, member, tenant
from portal.web.downloads import download
from tenants.models import MANAGER_ROLES

bp = Blueprint("surveys", __name__, url_prefix="/<workspace>/surveys")


@bp.get("")
@allow(*MANAGER_ROLES)
def index() -> ResponseReturnValue:
    page = queries.surveys(db, request.args.get("after"))
    return render_template(
        "surveys/index.html",
        page=page,
        counts=queries.tallies(db, page.rows),
        quarter=queries.score_this_quarter(db, today(db)),
        imported=queries.imported_scores(db),
        state_badge=state_badge,
    )


@bp.get("/new")
@allow(*MANAGER_ROLES)
def new() -> ResponseReturnValue:
    return _form(SurveyForm(formdata=None, question=str(QUESTION) % {"workspace": tenant.name}))


@bp.post("")
@allow(*MANAGER_ROLES)
def create() -> ResponseReturnValue:
    form = SurveyForm()
    form.set_options(filter_options(db), None)
    if not form.validate_on_submit():
        return _form(form), 422
    return _to(actions.save_draft(db, form.draft))


@bp.get("/<uuid:survey_id>/edit")
@allow(*MANAGER_ROLES)
def edit(survey_id: UUID) -> ResponseReturnValue:
    survey = queries.get(db, survey_id)
    return _form(SurveyForm(formdata=None, **form_data(survey)), survey)


@bp.post("/<uuid:survey_id>")
@allow(*MANAGER_ROLES)
def update(survey_id: UUID) -> ResponseReturnValue:
    survey, form = queries.find_and_lock_survey(db, survey_id), SurveyForm()
    form.set_options(filter_options(db), survey)
    if survey is None:
        return _form(form, was_discarded=True), 404
    if not form.validate_on_submit():
        return _form(form, survey), 422
    return _to(actions.save_draft(db, form.draft, survey))


@bp.post("/<uuid:survey_id>/discard")
@allow(*MANAGER_ROLES)
def discard(survey_id: UUID) -> ResponseReturnValue:
    actions.discard_draft(db, survey_id)
    flash(_("The draft is gone. Nobody was asked."))
    return redirect(url_for(".index"), 303)


@bp.post("/<uuid:survey_id>/launch")
@allow(*MANAGER_ROLES)
def launch(survey_id: UUID) -> ResponseReturnValue:
    survey = actions.launch(db, survey_id, by=member)
    flash(
        _("The sample has started. Those whose week it is are asked within the hour.")
        if survey.is_rolling
        else _("Off it goes. Answers show up here as they come in.")
    )
    return _to(survey)


@bp.post("/<uuid:survey_id>/close")
@allow(*MANAGER_ROLES)
def close(survey_id: UUID) -> ResponseReturnValue:
    actions.close(db, survey_id, by=member)
    flash(_("Closed. Nobody else is asked, and no answer can change any more."))
    return redirect(url_for(".show", survey_id=survey_id), 303)


@bp.get("/<uuid:survey_id>")
@allow(*MANAGER_ROLES)
def show(survey_id: UUID) -> ResponseReturnValue:
    survey = queries.get(db, survey_id)
    if survey.state is SurveyState.DRAFT:
        counts = audience.audience_counts(db, survey.audience)
        return render_template(
            "surveys/draft.html", survey=survey, asked=counts.get("", 0), left_out=left_out_lines(counts)
        )
    return _results(survey)


def _results(survey: Survey) -> str:
    rounds = queries.rounds(db, survey)
    this_round = queries.is_in_round(survey, rounds[-1].wave)
    written, calls = queries.reasons(db, this_round), follow_up.call_list(db, this_round)
    return render_template(
        "surveys/results.html",
        survey=survey,
        rounds=rounds,
        chart=score_chart([each.tally for each in rounds], policies.value(db, metrics.NPS_TARGET)),
        calls=calls,
        items=follow_up.action_items(calls, member),
        written=written,
        themes=themes([each.why for each in written]),
        left_out=left_out_lines(rounds[-1].counts.left_out),
        history=[history_line(entry) for entry in history.entries_about(db, survey)],
        could_be_chance=could_be_chance,
        groups=Group,
    )


@bp.get("/<uuid:survey_id>/people")
@allow(*MANAGER_ROLES)
def people(survey_id: UUID) -> ResponseReturnValue:
    """Behind every number: before the launch those who would be asked, then those who were."""
    survey, show = queries.get(db, survey_id), request.args.get("show", "")
    if survey.state is not SurveyState.DRAFT:
        return _recipients(survey, show if show in queries.SHOWS else "asked")
    page = audience.audience_people(db, survey.audience, show, request.args.get("after"))
    return _people(survey, page, number_labels(survey)[show] if show in LEFT_OUT else _("Gets it"))


def _recipients(survey: Survey, show: str) -> str:
    this_round, theme = queries.is_in_round(survey, _wave()), request.args.get("theme", "")
    which = [this_round, queries.SHOWS[show], queries.writes(request.args.get("q", ""))]
    which += [queries.who_mentions(db, this_round, theme)] if theme else []
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
    survey = queries.get(db, survey_id)
    table = metrics.answers_file(survey, tenant.time_zone)
    return download(list(export_table.lines(db, table)), "survey-answers.csv")


@bp.get("/to-call")
@allow(*follow_up.CALLERS)
def to_call() -> ResponseReturnValue:
    """Everybody who is unhappy and waits: for managers all of them, for owners theirs."""
    which = true() if member.has_role(*MANAGER_ROLES) else follow_up.is_owned_by(member)
    found = follow_up.call_list(db, which, follow_up.MOST)
    items = follow_up.action_items(found, member)
    return render_template("surveys/to_call.html", items=items, total=found.total)


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


def _form(form: SurveyForm, survey: Survey | None = None, *, was_discarded: bool = False) -> str:
    form.set_options(filter_options(db), survey)
    return render_template("surveys/form.html", form=form, survey=survey, was_discarded=was_discarded)


def _to(survey: Survey) -> ResponseReturnValue:
    return redirect(url_for(".show", survey_id=survey.id), 303)

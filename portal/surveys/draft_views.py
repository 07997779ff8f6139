"""Writing a survey: its question, whom it is for, and when. The fields of its audience change as one fills them in."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.segments.audience import Audience
from portal.segments.audience_form import AudienceForm, asks_for_fields
from portal.segments.audience_picker import (
    EVERYBODY,
    audience_form,
    audience_picker,
    form_faults,
    read_audience,
)
from portal.surveys import actions, queries
from portal.surveys.forms import QUESTION, SurveyForm, form_data
from portal.surveys.models import Survey
from portal.surveys.views import IS_IN_PROGRAM, bp, to_page
from portal.web.access import allow
from portal.web.current import db, member, tenant
from tenants.models import MANAGER_ROLES

__all__ = ["bp"]


@bp.get("/new")
@allow(*MANAGER_ROLES)
def new() -> ResponseReturnValue:
    """`segment=` in the address: to start from."""
    form = SurveyForm(formdata=None, question=str(QUESTION) % {"workspace": tenant.name})
    segment_id = read_audience(db, request.args, member).segment_id
    return _page(form, audience_form(db, Audience(segment_id=segment_id)))


@bp.post("")
@allow(*MANAGER_ROLES)
def create() -> ResponseReturnValue:
    return _saved(None)


@bp.get("/<uuid:survey_id>/edit")
@allow(*MANAGER_ROLES)
def edit(survey_id: UUID) -> ResponseReturnValue:
    survey = queries.get(db, survey_id)
    return _page(SurveyForm(formdata=None, **form_data(survey)), audience_form(db, survey.is_for), survey)


@bp.post("/<uuid:survey_id>")
@allow(*MANAGER_ROLES)
def update(survey_id: UUID) -> ResponseReturnValue:
    survey = queries.find_and_lock_survey(db, survey_id)
    if survey is None:
        return _page(SurveyForm(), read_audience(db, request.form, member), was_discarded=True), 404
    return _saved(survey)


def _saved(survey: Survey | None) -> ResponseReturnValue:
    """Whatever is refused is shown again as it was typed."""
    before = survey.is_for if survey else EVERYBODY
    form, audience = SurveyForm(), read_audience(db, request.form, member, before)
    if asks_for_fields(request.form):
        return _page(form, audience, survey)
    is_good = form.validate_on_submit()
    form.form_errors.extend(form_faults(db, audience))
    if form.form_errors or not is_good:
        return _page(form, audience.refused, survey), 422
    return to_page(actions.save_draft(db, form.draft(audience.audience), survey))


def _page(
    form: SurveyForm, audience: AudienceForm, survey: Survey | None = None, *, was_discarded: bool = False
) -> str:
    before = survey.is_for if survey else EVERYBODY
    picker = audience_picker(db, audience, member, IS_IN_PROGRAM, before=before)
    return render_template(
        "surveys/form.html", form=form, picker=picker, survey=survey, was_discarded=was_discarded
    )

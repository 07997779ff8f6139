"""What a form needs to ask whom something is for: the same for surveys, sequences and whatever else is for many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from portal.declarations.attributes import attributes_of
from portal.segments.audience import Audience
from portal.segments.audience_form import SEGMENT, AudienceForm
from portal.segments.audience_summary import EVERYONE, audience_faults, people_count
from portal.segments.condition_editor import Choices, ConditionEditor, condition_editor
from portal.segments.condition_form import UNFINISHED
from portal.segments.hidden_segments import HiddenSegments
from portal.segments.models import Segment
from portal.segments.options import offering, option_rows, read_options
from portal.segments.queries import named_in
from tenants.models import Membership
from tenants.rows_at_once import rows_at_once

EVERYBODY = Audience()


@dataclass(frozen=True)
class AudiencePicker:
    form: AudienceForm
    editor: ConditionEditor
    people: int  # who fits now
    faults: Sequence[str]

    @property
    def segments(self) -> Choices:
        return _choices(each for each in self.editor.others if not each.is_list)

    @property
    def lists(self) -> Choices:
        return _choices(each for each in self.editor.others if each.is_list)

    @property
    def chosen(self) -> str:
        return self.editor.hidden.shown(str(self.form.segment_id or ""))

    @property
    def is_hidden(self) -> bool:
        """A colleague’s private segment, or one that was deleted: it stays chosen until somebody chooses another."""
        return bool(self.chosen) and self.chosen not in {str(each.id) for each in self.editor.others}


def read_audience(
    session: Session, given: Any, member: Membership, before: Audience = EVERYBODY
) -> AudienceForm:
    """Nobody fits what names a colleague's private segment, unless it was named `before`."""
    form, hidden = AudienceForm.read(given, attributes_of(session)), _hidden(session, member, before)
    segment_id = hidden.read_id(str(given.get(SEGMENT, "")))
    return replace(form, conditions=hidden.read(form.conditions, given), segment_id=segment_id)


def audience_form(session: Session, audience: Audience) -> AudienceForm:
    return AudienceForm.of(audience, attributes_of(session))


def form_faults(session: Session, form: AudienceForm) -> list[str]:
    """Why it can't be saved, or anybody be asked, as it is filled in."""
    unfinished = [_(UNFINISHED)] if form.conditions.unfinished else []
    return [*unfinished, *audience_faults(session, form.audience)]


def audience_picker(
    session: Session,
    form: AudienceForm,
    member: Membership,
    which: ColumnElement[bool] = EVERYONE,
    *,
    before: Audience = EVERYBODY,
) -> AudiencePicker:
    """People and what the fields offer are one question; `which`: of those who count."""
    offered = offering(form.conditions.attributes)
    counted = people_count(session, form.audience, which)
    (people,), *options = rows_at_once(session, counted, *option_rows(offered))
    return AudiencePicker(
        form,
        condition_editor(
            session,
            form.conditions,
            member,
            hidden=_hidden(session, member, before),
            options=read_options(offered, options),
        ),
        people["people"],
        audience_faults(session, form.audience),
    )


def _hidden(session: Session, member: Membership, before: Audience) -> HiddenSegments:
    first = [before.segment_id] if before.segment_id else []
    return HiddenSegments.among(session, member, [*first, *named_in(before.conditions)])


def _choices(segments: Iterable[Segment]) -> Choices:
    return [(str(each.id), each.name) for each in segments]

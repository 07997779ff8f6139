"""The page of a segment: whom its conditions find, what these are worth, what it may be used for and who uses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.advocates.labels import SHORT_KIND_NAMES
from portal.advocates.models import Advocate
from portal.asks.budget_queries import workloads
from portal.asks.policies import ask_rules
from portal.declarations.attributes import attributes_of
from portal.declarations.segment_uses import SegmentUse
from portal.directory.availability import availability
from portal.paging import KeysetPage, paginate
from portal.segments import labels
from portal.segments.condition_editor import condition_editor
from portal.segments.condition_form import ConditionForm
from portal.segments.conditions import Conditions
from portal.segments.figures import SegmentFigures, figure_rows, figures, read_figures, sample
from portal.segments.models import Segment
from portal.segments.options import Options, offering, option_rows, read_options
from portal.segments.predicates import people_of
from portal.segments.queries import built_on
from portal.segments.resolution import ResolvedConditions, resolve, resolve_segment
from portal.segments.review_rule import ReviewObjections, forbidden_attributes, review_objections
from portal.segments.uses import read_uses, use_rows, uses_of
from portal.web.filters import money_short, number
from tenants.models import Membership
from tenants.rows_at_once import rows_at_once


@dataclass(frozen=True)
class ReviewNote:
    """Why a segment is kept out of reviews, and the copy that isn't. `names`: “account health”."""

    names: str
    is_unknown: bool
    numbers: frozenset[int]  # of the conditions that bring it in
    can_copy: bool


def segment_page(
    session: Session, form: ConditionForm, segment: Segment | None, member: Membership
) -> dict[str, Any]:
    resolved = resolve(session, form.conditions, segment)
    objections = review_objections(session, resolved)
    others = resolve(session, conditions_for_reviews(session, resolved))
    counted, options, uses = _asked(session, form, segment, figure_rows(session, resolved, others))
    editor = condition_editor(session, form, member, segment=segment, options=options, left=counted.left)
    return {
        "segment": segment,
        "editor": editor,
        "faults": [labels.FAULTS[fault] for fault in resolved.every_fault],
        "figures": counted,
        "lede": lede(counted, resolved),
        "kinds": labels.kind_names(one.attribute for one in resolved.used),
        "reviews": _review_note(session, form, resolved, objections),
        "is_changed": segment is not None and form.conditions != segment.read_conditions,
        "uses": uses,
        "built_on": built_on(session, segment) if segment else [],
        **people_table(session, sample(session, counted)),
    }


def _asked(
    session: Session, form: ConditionForm, segment: Segment | None, counts: Sequence[Any]
) -> tuple[SegmentFigures, Options, list[SegmentUse]]:
    """Everything that is no list of people, in one statement."""
    offered = offering(form.attributes)
    options, uses = option_rows(offered), use_rows(segment.id) if segment else []
    found = rows_at_once(session, *counts, *options, *uses)
    numbers, values, used = found[: len(counts)], found[len(counts) :][: len(options)], found[-len(uses) :]
    return (
        read_figures(numbers),
        read_options(offered, values),
        read_uses(used) if uses else [],
    )


def people_list_page(session: Session, segment: Segment, cursor: str | None) -> dict[str, Any]:
    resolved = resolve_segment(session, segment)
    found = people_on_list(session, resolved, cursor)
    objections = review_objections(session, resolved)
    return {
        "segment": segment,
        "page": found,
        "figures": figures(session, resolved),
        "reviews": _review_note(session, ConditionForm(), resolved, objections),
        "origins": _names(session, frozenset(segment.origin_attributes)),
        "uses": uses_of(session, segment.id),
        "built_on": built_on(session, segment),
        **people_table(session, found.rows),
    }


def people_on_list(
    session: Session, resolved: ResolvedConditions, cursor: str | None
) -> KeysetPage[Advocate]:
    rows = select(Advocate).options(joinedload(Advocate.account)).where(people_of(session, resolved))
    return paginate(session, rows, key=(Advocate.name_sort, Advocate.id), cursor=cursor)


def people_table(session: Session, people: Sequence[Advocate]) -> dict[str, Any]:
    rules = ask_rules(session)
    loads = workloads(session, people, rules)
    return {
        "people": people,
        "kind_names": SHORT_KIND_NAMES,
        "workloads": loads,
        "availability": {person.id: availability(person, loads[person.id], rules) for person in people},
    }


def conditions_for_reviews(session: Session, resolved: ResolvedConditions) -> Conditions:
    """Without whatever keeps it out of reviews; the segment that is left out goes where it is the cause."""
    own = Conditions(resolved.conditions.rows, resolved.conditions.join)
    guilty = {one.condition for one in review_objections(session, resolved).conditions}
    kept = own.without_conditions(guilty)
    if resolved.but is not None and not review_objections(session, resolved.but):
        kept = Conditions(kept.rows, kept.join, resolved.conditions.but)
    return kept


def lede(counted: SegmentFigures, resolved: ResolvedConditions) -> str:
    """Where they work, and what the last condition costs."""
    if not counted.people:
        return _("Change or remove a condition to find someone.")
    parts = [_at_accounts(counted)] if counted.accounts else []
    if len(counted.left) > 1 and counted.left[-2] != counted.left[-1] and not resolved.but:
        last = list(resolved.conditions.all)[-1]
        name = labels.attribute_name(resolved.read[last].attribute)
        parts.append(
            ngettext(
                "Without the last condition, on %(name)s, one person would match.",
                "Without the last condition, on %(name)s, %(n)s people would match.",
                counted.left[-2],
                n=number(counted.left[-2]),
                name=name[:1].lower() + name[1:],
            )
        )
    return " ".join(parts)


def _at_accounts(counted: SegmentFigures) -> str:
    """Each currency by itself: “worth €3.8M and $1.2M a year”."""
    at = ngettext("They work at one account", "They work at %(num)d accounts", counted.accounts)
    worth = [money_short(each.arr_cents, each.currency) for each in counted.worth]
    if not worth:
        return f"{at}."
    return _("%(at)s worth %(amounts)s a year.", at=at, amounts=format_list(worth, locale=get_locale()))


def _review_note(
    session: Session, form: ConditionForm, resolved: ResolvedConditions, objections: ReviewObjections
) -> ReviewNote | None:
    if not objections:
        return None
    guilty = {one.condition for one in objections.conditions}
    return ReviewNote(
        _names(session, objections.attributes),
        objections.is_unknown,
        frozenset(one.number for one in form.fields if one.condition in guilty),
        not conditions_for_reviews(session, resolved).is_empty,
    )


def _names(session: Session, names: frozenset[str]) -> str:
    """Those that are gone have no words any more; a tag or a list may be a colleague's own and stays without name."""
    names = frozenset(name.partition(":")[0] for name in names)
    known = forbidden_attributes(session, names)
    words = [labels.attribute_name(one) for one in known]
    words += [_("something that was deleted")] if names - set(attributes_of(session)) else []
    return ", ".join(word[:1].lower() + word[1:] for word in words)

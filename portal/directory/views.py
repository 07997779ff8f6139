"""The directory: everybody the program knows, in tabs and filters; invitations; the list as a file."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal import policies
from portal.accounts.labels import RELATIONSHIP_NAMES
from portal.advocates import labels
from portal.advocates.filters import FILTERS, AdvocateFilters, filter_options
from portal.advocates.forms import AdvocateReasonForm
from portal.advocates.models import Advocate
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.budget_use import workloads
from portal.asks.policies import ask_rules
from portal.custom_fields.models import FieldSubject
from portal.directory import queries
from portal.directory.advocate_detail import advocate_detail
from portal.directory.availability import availability
from portal.directory.export import ADVOCATES
from portal.directory.extra_filters import extra_conditions, extra_filters, is_extra_filter
from portal.directory.labels import funnel, lede, tabs
from portal.directory.list_columns import COLUMNS, chosen_columns, toggled
from portal.directory.segment_filter import SEGMENT, chosen_segment, segment_conditions
from portal.exports import list_download
from portal.list_summaries import summary_of_long_list
from portal.tags.queries import tags_of_people
from portal.web.access import allow
from portal.web.current import db
from tenants.models import MANAGER_ROLES

bp = Blueprint("directory", __name__, url_prefix="/<workspace>/advocates")


@bp.get("")
@allow(*MANAGER_ROLES)
def index() -> ResponseReturnValue:
    filters, rules = AdvocateFilters.of(request.args), ask_rules(db)
    extra = [*extra_conditions(request.args, FieldSubject.PERSON), *segment_conditions(db, request.args)]
    found = queries.people(
        db, filters, rules, request.args.get("after"), extra, also_outside=SEGMENT in request.args
    )
    summary = summary_of_long_list(db, Advocate)
    counts = queries.counts(db, rules, summary)
    loads = workloads(db, found.rows, rules)
    columns = chosen_columns(request.args.get("columns"), filters.view)
    return render_template(
        "directory/index.html",
        page=found,
        filters=filters,
        is_narrowed=filters.is_narrowed or bool(extra),
        extra_filters=extra_filters(db, FieldSubject.PERSON),
        relationships=RELATIONSHIP_NAMES,
        tags=tags_of_people(db, [person.id for person in found.rows]) if "tags" in columns else {},
        segment=chosen_segment(db, request.args),
        counts=counts,
        lede=lede(counts),
        steps=funnel(counts, policies.value(db, ACTIVE_DAYS)),
        tabs=tabs(counts, filters.view),
        options=filter_options(db, summary),
        counted_at=summary.counted_at if summary else None,
        workloads=loads,
        availability={person.id: availability(person, loads[person.id], rules) for person in found.rows},
        columns=[(name, COLUMNS[name]) for name in columns],
        column_choices=[(label, toggled(columns, name), name in columns) for name, label in COLUMNS.items()],
        labels=labels,
        states={state.value: badge.word for state, badge in labels.STATES.items()},
        kinds=labels.SHORT_KIND_NAMES,
    )


@bp.get("/<uuid:advocate_id>")
@allow(*MANAGER_ROLES)
def show(advocate_id: UUID) -> ResponseReturnValue:
    advocate, extra = queries.person(db, advocate_id)
    return render_template(
        "directory/show.html",
        extra_facts=extra,
        form=AdvocateReasonForm(formdata=None),
        open_dialog="",
        **advocate_detail(db, advocate),
    )


@bp.get("/export")
@allow(*MANAGER_ROLES)
def export() -> ResponseReturnValue:
    return list_download.download_or_offer(ADVOCATES, _filters(), "advocates.csv")


@bp.post("/export")
@allow(*MANAGER_ROLES)
def make_export() -> ResponseReturnValue:
    return list_download.start_or_redirect(ADVOCATES, _filters(), "advocates.csv")


def _filters() -> dict[str, str]:
    names = [*("view", "q", SEGMENT, *FILTERS), *filter(is_extra_filter, request.args)]
    return {name: request.args[name] for name in names if request.args.get(name)}

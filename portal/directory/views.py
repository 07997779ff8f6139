"""The directory: everybody the program knows, in tabs and filters; invitations; the list as a file."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal import policies
from portal.advocates import labels
from portal.advocates.forms import AdvocateReasonForm
from portal.advocates.policies import ACTIVE_DAYS
from portal.directory import queries
from portal.directory.advocate_detail import advocate_detail
from portal.directory.advocate_list import ADVOCATES
from portal.directory.labels import funnel, lede
from portal.exports import list_download
from portal.lists.list_choice import ListChoice
from portal.lists.list_file import LIST_ROWS, file_filters
from portal.lists.list_page import list_page
from portal.web.access import allow
from portal.web.current import db
from tenants.models import MANAGER_ROLES

bp = Blueprint("directory", __name__, url_prefix="/<workspace>/advocates")


@bp.get("")
@allow(*MANAGER_ROLES)
def index() -> ResponseReturnValue:
    page = list_page(ADVOCATES)
    return render_template(
        "directory/index.html",
        page=page,
        lede=lede(page.counts),
        steps=funnel(page.counts, policies.value(db, ACTIVE_DAYS)),
        labels=labels,
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
    return list_download.download_or_offer(LIST_ROWS, _filters(), "advocates.csv")


@bp.post("/export")
@allow(*MANAGER_ROLES)
def make_export() -> ResponseReturnValue:
    return list_download.start_or_redirect(LIST_ROWS, _filters(), "advocates.csv")


def _filters() -> dict[str, str]:
    return file_filters(ADVOCATES, ListChoice.of(ADVOCATES, request.args))

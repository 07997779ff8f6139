"""Files and saved views of any list, by its name. Whoever may not open the list learns nothing of it here either."""

from urllib.parse import parse_qsl
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.declarations.lists import LISTS, DeclaredList
from portal.errors import NotFound
from portal.exports import list_download
from portal.lists import saved_views
from portal.lists.forms import SaveViewForm
from portal.lists.list_choice import ListChoice
from portal.lists.list_file import LIST_ROWS, file_filters
from portal.lists.list_page import list_url
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES, STAFF

ENDINGS = ("csv", "xlsx")
bp = Blueprint("lists", __name__, url_prefix="/<workspace>/lists")


@bp.get("/<list_name>/file.<ending>")
@allow(*MANAGER_ROLES)
def file(list_name: str, ending: str) -> ResponseReturnValue:
    declared = visible_list(list_name)
    return list_download.download_or_offer(LIST_ROWS, _filters(declared), _file_name(declared, ending))


@bp.post("/<list_name>/file.<ending>")
@allow(*MANAGER_ROLES)
def make_file(list_name: str, ending: str) -> ResponseReturnValue:
    declared = visible_list(list_name)
    return list_download.start_or_redirect(LIST_ROWS, _filters(declared), _file_name(declared, ending))


@bp.post("/<list_name>/views")
@allow(*STAFF)
def save_view(list_name: str) -> ResponseReturnValue:
    declared, form = visible_list(list_name), SaveViewForm()
    arguments = ListChoice.of(declared, posted_arguments()).arguments
    if form.validate_on_submit():
        title = form.name.data or ""
        saved_views.save(db, declared.name, title, arguments, is_shared=bool(form.is_shared.data), by=member)
        flash(_("The view “%(name)s” is saved.", name=title))
    else:
        flash(_("The view wasn’t saved: please give it a name of up to 60 characters."), "bad")
    return redirect(list_url(declared, arguments), 303)


@bp.post("/views/<uuid:view_id>/removal")
@allow(*STAFF)
def remove_view(view_id: UUID) -> ResponseReturnValue:
    view = saved_views.remove(db, view_id, by=member)
    flash(_("The view “%(name)s” was removed.", name=view.name))
    return redirect(url_for(visible_list(view.list_name).endpoint), 303)


def visible_list(list_name: str) -> DeclaredList:
    declared = LISTS.find(list_name)
    if declared is None or not member.has_role(*declared.roles):
        raise NotFound("We couldn’t find this list.")
    return declared


def posted_arguments() -> dict[str, str]:
    """Of the list's address when the form was opened."""
    return dict(parse_qsl(request.form.get("arguments", "")))


def _filters(declared: DeclaredList) -> dict[str, str]:
    return file_filters(declared, ListChoice.of(declared, request.args))


def _file_name(declared: DeclaredList, ending: str) -> str:
    if ending not in ENDINGS:
        raise NotFound("We couldn’t find this file.")
    return f"{declared.name}.{ending}"

"""The workspace's color and logo, as addresses that browsers may keep for ever."""

import re

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue

from portal import files
from portal.web.access import public
from portal.web.current import db, tenant
from tenants.models import Tenant

COLOR = re.compile(r"[0-9a-f]{6}")
CACHE_FOREVER = "public, max-age=31536000, immutable"

bp = Blueprint("brand", __name__, url_prefix="/brand")


@bp.get("/<color>.css")
@public
def stylesheet(color: str) -> ResponseReturnValue:
    if not COLOR.fullmatch(color):
        abort(404)
    return _cached(Response(f":root{{--gw-accent:#{color}}}", mimetype="text/css"))


@bp.get("/<slug>/logo/<uuid:file_id>")
@public
def logo(slug: str, file_id: str) -> ResponseReturnValue:
    if file_id != tenant.logo_id:
        abort(404)
    image = files.get(db, tenant.logo_id)
    return _cached(Response(files.read(db, image.id), mimetype=image.content_type))


def stylesheet_address(workspace: Tenant) -> str:
    return url_for("brand.stylesheet", color=workspace.accent.removeprefix("#"))


def logo_address(workspace: Tenant) -> str:
    return url_for("brand.logo", slug=workspace.slug, file_id=workspace.logo_id)


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = CACHE_FOREVER
    return response

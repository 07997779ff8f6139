"""What a phone keeps to open the door again without a connection: a page without guests, and its worker."""

import json
from hashlib import sha256

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.web.access import public
from portal.web.assets import DIST, asset, manifest
from portal.web.headers import allow_own_worker

bp = Blueprint("door_offline", __name__, url_prefix="/door")
bp.after_request(allow_own_worker)
NEEDED = ("tabler.css", "goodword.css", "htmx.js", "goodword.js", "door.js", "icon.svg")


@bp.get("/without-connection")
@public
def page() -> ResponseReturnValue:
    return render_template("events/door/offline.html")


@bp.get("/worker.js")
@public
def worker() -> ResponseReturnValue:
    kept = {"page": url_for(".page"), "files": _files()}
    name = sha256(json.dumps(kept).encode()).hexdigest()[:10]
    script = (DIST / manifest()["door-worker.js"]).read_text()
    facts = json.dumps(kept | {"name": f"door-{name}"})
    return Response(f"self.KEPT = {facts};\n{script}", mimetype="text/javascript")


def _files() -> list[str]:
    fonts = [name for name in manifest() if name.startswith("fonts/")]
    return [asset(name) for name in (*NEEDED, *sorted(fonts))]

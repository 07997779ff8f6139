"""The built files carry a hash in their names, are small, and may be kept for ever."""

import gzip
import re

import pytest
from flask import Flask

from portal.web import assets
from portal.web.assets import DIST, NotBuilt, asset, manifest


def test_every_file_a_page_loads_has_a_hashed_address_and_is_kept_for_ever() -> None:
    app = Flask(__name__, static_folder=None)
    assets.init_app(app)
    for name in ("tabler.css", "goodword.css", "htmx.js", "goodword.js"):
        answer = app.test_client().get(asset(name), headers={"Accept-Encoding": "br"})
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "br"
        answer.close()


def test_a_file_nobody_built_is_named() -> None:
    with pytest.raises(NotBuilt, match="make assets"):
        asset("carousel.js")


def test_the_stylesheets_name_only_files_that_are_served() -> None:
    for name in ("tabler.css", "goodword.css"):
        css = (DIST / manifest()[name]).read_text()
        for address in re.findall(r"url\(\"?([^\")]+)", css):
            assert address.startswith("data:") or (DIST / address).exists(), address


def test_a_first_visit_loads_less_than_60_kb_of_style_and_script() -> None:
    files = ("tabler.css", "goodword.css", "htmx.js", "goodword.js")
    sizes = [len(gzip.compress((DIST / manifest()[name]).read_bytes())) for name in files]
    assert sum(sizes) < 60_000

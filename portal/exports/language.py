"""A worker speaks the language in which a file was asked for, with the sentences the pages use."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from flask import Flask
from flask_babel import Babel, force_locale

CATALOGS = Path(__file__).parents[1] / "translations"


@contextmanager
def in_language(language: str) -> Iterator[None]:
    with _translation_app().app_context(), force_locale(language):
        yield


@cache
def _translation_app() -> Flask:
    """Knows nothing but sentences."""
    app = Flask(__name__)
    Babel(app, default_translation_directories=str(CATALOGS))
    return app

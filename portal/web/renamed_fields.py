"""Fields by the names they had when a page was opened: a form that is sent after an upgrade loses nothing."""

from typing import Any

from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms.form import BaseForm

RENAMED = (
    ("willing", "accepted_ask_kinds"),
    ("words", "consent_text_ids"),
    ("said", "outcome"),
    ("wanted", "references_needed"),
    ("wanted", "next_url"),
    ("reason", "unfulfilled_reason"),
    ("most_answers", "max_answers"),
    ("most_letters", "max_emails"),
)


def with_new_names(form: BaseForm, posted: Any) -> Any:
    if posted is None:
        return None
    moved = [(new, value) for old, new in _missing(form, posted) for value in posted.getlist(old)]
    return CombinedMultiDict([posted, MultiDict(moved)]) if moved else posted


def _missing(form: BaseForm, posted: Any) -> list[tuple[str, str]]:
    """Only where the page knew no field of the new name, and the form has none of the old."""
    return [
        (old, new)
        for old, new in RENAMED
        if new in form and new not in posted and old in posted and old not in form
    ]

"""An ask and its questions, for the samples of several emails."""

from datetime import date
from typing import Any

from portal.declarations.sample_emails import SENDER

QUESTIONS = ["How long did the move take?", "What would you do differently?"]
ASK: dict[str, Any] = {"prospect": "Initech", "kind": "call", "minutes": 20, "due_on": date(2026, 11, 27)}
SIGNED_ASK = {**ASK, "from_name": SENDER}

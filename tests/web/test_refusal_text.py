"""A refusal names a state in the words that pages have for it."""

from typing import Any

import pytest

from portal.asks.lifecycles import LIFECYCLE as ASKS
from portal.asks.lifecycles import AskMove, AskState
from portal.lifecycle import ImpossibleMove, Lifecycle
from portal.outreach.lifecycles import LIFECYCLE as EMAILS
from portal.outreach.lifecycles import EmailMove, EmailState
from portal.web.dispatch import Portal
from portal.web.refusal_text import STATE_NAMES, refusal_text
from tests.rules.test_states import LIFECYCLES


def refused(lifecycle: Lifecycle[Any, Any], step: Any, state: Any) -> str:
    with pytest.raises(ImpossibleMove) as found:
        lifecycle.after(step, state)
    return refusal_text(found.value)


def test_a_refusal_names_the_state_as_pages_do(app: Portal) -> None:
    with app.test_request_context():
        assert "already “On hold”" in refused(EMAILS, EmailMove.RETRY_UNKNOWN, EmailState.HELD)
        assert "already “said no”" in refused(ASKS, AskMove.COMPLETE, AskState.DECLINED)


def test_every_state_has_a_name(app: Portal) -> None:
    unnamed = {
        state
        for lifecycle in LIFECYCLES.values()
        for state in type(lifecycle.initial)
        if state not in STATE_NAMES.get(type(state), {})
    }
    assert unnamed == set()

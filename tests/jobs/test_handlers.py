"""In which order the answers to one message hold rows."""

from uuid_utils.compat import uuid7

from jobs import asks, references
from jobs.handlers import handlers_for
from portal.asks.models import AskWithdrawn


def test_an_ask_taken_back_holds_its_request_before_any_person() -> None:
    """As whoever asks does: request, company, person. The other way round two could wait for each other."""
    assert handlers_for(AskWithdrawn(uuid7())) == [
        references.cancel_after_withdrawal,
        asks.refresh_colleagues,
    ]

"""In which order the answers to one message hold rows."""

from uuid_utils.compat import uuid7

from jobs import asks, programs
from jobs.handlers import handlers_for
from portal.asks.models import AskWithdrawn, BudgetReleased


def test_an_ask_taken_back_is_answered_by_the_desk_and_by_the_ledger_each_in_its_turn() -> None:
    """The desk holds the request, the call and its emails; colleagues would have to be locked before them."""
    assert handlers_for(AskWithdrawn(uuid7())) == [programs.follow_up]
    assert handlers_for(BudgetReleased(uuid7())) == [asks.refresh_colleagues]

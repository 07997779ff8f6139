"""What the desk reads is words, never the code of a row."""

from types import SimpleNamespace
from typing import Any

from portal.asks.answer_codes import DeclineReason, NoteCode
from portal.asks.labels import IN_WORDS, LEFT_PROGRAM, note_text, reason_sentence
from portal.asks.models import Ask
from portal.references import labels
from portal.references.history_actions import RequestAction
from portal.web.dispatch import Portal


def told(action: RequestAction, **detail: str) -> str:
    return labels.history_text(action, {"advocate": "1", **detail}, {"1": "Ada"}, for_desk=True)


def ended(**facts: Any) -> Any:
    return SimpleNamespace(**{"decline_reason": None, "withdrawal_reason": None, "reason_text": ""} | facts)


def test_a_no_is_told_in_words_whether_it_has_a_code_or_is_older(app: Portal) -> None:
    with app.test_request_context():
        assert told(RequestAction.DECLINED, reason="not_now") == "Ada said no: not now"
        older = {"reason": "earlier", "text": "not this time"}
        assert told(RequestAction.DECLINED, **older) == "Ada said no: not this time"
        assert reason_sentence(ended(decline_reason=DeclineReason.TOO_BUSY)) == "Too busy right now."
        older = {"decline_reason": DeclineReason.EARLIER, "reason_text": "Their colleague helps instead"}
        assert reason_sentence(ended(**older)) == "Their colleague helps instead."


def test_words_that_spell_a_code_stay_words(app: Portal) -> None:
    with app.test_request_context():
        assert told(RequestAction.ASK_WITHDRAWN, reason="other") == "Withdrew the request to Ada: other"
        typed = ended(withdrawal_reason=IN_WORDS.name, reason_text="request_ended")
        assert reason_sentence(typed) == "Request_ended."


def test_a_withdrawal_says_why(app: Portal) -> None:
    with app.test_request_context():
        left = ended(withdrawal_reason=LEFT_PROGRAM.name)
        assert reason_sentence(left) == "The person left the program."
        assert reason_sentence(ended()) == ""
        assert reason_sentence(ended(withdrawal_reason="closed")) == "It closed before they answered."


def test_a_reason_of_a_program_that_is_gone_leaves_the_words_that_were_written(app: Portal) -> None:
    with app.test_request_context():
        assert reason_sentence(ended(withdrawal_reason="kitchen_burnt")) == ""
        written = ended(withdrawal_reason="kitchen_burnt", reason_text="The kitchen burnt")
        assert reason_sentence(written) == "The kitchen burnt."


def test_a_note_ends_with_what_the_answer_says_beside_the_own_words(app: Portal) -> None:
    with app.test_request_context():
        colleague = {"colleague": "Bo Ek"}
        ask = Ask(note="Knows it best.", note_code=NoteCode.SUGGESTS_COLLEAGUE, note_params=colleague)
        assert note_text(ask) == "Knows it best. Suggests Bo Ek."
        assert note_text(Ask(note="Gladly.")) == "Gladly."


def test_an_answer_after_the_call_names_its_side(app: Portal) -> None:
    with app.test_request_context():
        text = labels.history_text(RequestAction.FEEDBACK_GIVEN, {"side": "prospect"}, {}, for_desk=True)
        assert text == "After the call, the prospect answered"

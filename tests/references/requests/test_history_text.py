"""What the desk reads is words, never the value of a list."""

from portal.asks.decline_reasons import decline_reason_text
from portal.references import labels
from portal.web.dispatch import Portal


def test_a_no_is_told_in_words_however_it_was_kept(app: Portal) -> None:
    with app.test_request_context():
        said = labels.history_text(
            "declined", {"advocate": "1", "reason": "not_now"}, {"1": "Ada"}, for_desk=True
        )
        assert said == "Ada said no: not now"
        assert decline_reason_text("too_busy") == "Too busy right now."
        assert decline_reason_text("Their colleague helps instead") == "Their colleague helps instead."


def test_an_answer_after_the_call_names_its_side(app: Portal) -> None:
    with app.test_request_context():
        told = labels.history_text("feedback_given", {"side": "prospect"}, {}, for_desk=True)
        assert told == "After the call, the prospect answered"

"""A question before the answer: it reaches whoever asked, by email, and a reply goes to the person."""

from sqlalchemy.orm import Session

from portal import history
from portal.asks import emails
from portal.asks.history_actions import AskAction
from portal.asks.models import Ask
from portal.errors import Throttled
from portal.signin import memberships
from portal.signin.rate_limits import DAY, RateRule, count_use
from tenants.models import Membership

QUESTIONS = RateRule("questions about an ask", 5, DAY)  # whoever holds a link can write them


def ask_question(session: Session, ask: Ask, question: str) -> None:
    if not count_use(session, QUESTIONS, str(ask.id)):
        raise Throttled(
            "You sent several questions today. Please wait for the answers, or reply to our email."
        )
    history.record(session, ask, AskAction.QUESTION_ASKED, question=question)
    for reader in readers_of_questions(session, ask):
        emails.send_question(session, ask, question, reader)


def readers_of_questions(session: Session, ask: Ask) -> list[Membership]:
    if ask.sent_by is not None and ask.sent_by.is_active:
        return [ask.sent_by]
    return list(memberships.managers_or_admins(session))

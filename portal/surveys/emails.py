"""The emails of a survey: the question, and the same once more to whoever has not answered."""

from datetime import date
from typing import TypedDict

from sqlalchemy.orm import Session

from portal.asks.emails import about, ask_sent_key, recipient_of
from portal.asks.models import Ask
from portal.declarations.email_content import EmailFieldValue, PageLink, SignedLink
from portal.declarations.email_kinds import EmailClass, EmailGroup, EmailKind
from portal.declarations.field_makers import date_field, link_field, text_field
from portal.declarations.link_phrases import LinkPhrase
from portal.declarations.merge_fields import MergeContext, MergeField
from portal.declarations.reminders import ReminderSequence
from portal.declarations.sample_emails import SampleEmail, sample_link
from portal.declarations.sending import send
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.outreach.sequences.actions import start_run
from portal.outreach.sequences.default_sequences import ensure_default_sequence
from portal.outreach.sequences.timing import DAY
from portal.surveys.models import Survey
from tenants.clock import utc_now


def how(context: MergeContext) -> str:
    score = mark("Tap a number from 0 to 10; a word on why is welcome.")
    return context.translate(score if context.get("is_score") else mark("Tap the answer that fits."))


ONE_QUESTION = LinkPhrase("one_question", mark("would you answer one question?"))
SURVEYS = EmailGroup(mark("Surveys"), 40)
FIELDS = (
    text_field("question", mark("The question, such as: How likely are you to recommend us to a colleague?")),
    MergeField("how", mark("What the recipient does: tap a number, or the answer that fits"), how),
    date_field("due_on", mark("The last day to answer")),
    link_field("answer", mark("Where the recipient answers")),
)
SAMPLE = SampleEmail(
    {
        "question": "How likely are you to recommend Ledger Pro to another finance team?",
        "is_score": True,
        "due_on": date(2026, 12, 11),
        "from_name": "Dana Okafor",
    },
    sample_link("answer", LinkPurpose.ANSWER),
)
REMINDERS = ReminderSequence(
    program="surveys",
    label=mark("Survey reminders"),
    description=mark("If a survey goes unanswered, one gentle reminder is sent. Any answer stops it."),
    delay_text=mark("%(time)s after the survey"),
    minutes=(5 * DAY,),
    max_emails=1,
    min_distance=DAY,
    max_distance=30 * DAY,
)
SURVEY = EmailKind(
    name="survey",
    label=mark("Survey"),
    sent_when=mark("Sent when it’s someone’s turn to answer a survey."),
    group=SURVEYS,
    fields=FIELDS,
    required_links=("answer_link",),
    sample=SAMPLE,
    email_class=EmailClass.PROGRAM,
    needs_open_ask=True,
    asks_somebody=True,
)
SURVEY_REMINDER = EmailKind(
    name="survey_reminder",
    label=mark("Survey reminder"),
    sent_when=mark("Sent when a survey has gone unanswered for a few days."),
    group=SURVEYS,
    fields=FIELDS,
    required_links=("answer_link",),
    sample=SAMPLE,
    email_class=EmailClass.PROGRAM,
    needs_open_ask=True,
    reminders=REMINDERS,
)
KINDS = (SURVEY, SURVEY_REMINDER)


class _Content(TypedDict):
    """What the email and its reminder both say."""

    fields: dict[str, EmailFieldValue]
    links: dict[str, SignedLink | PageLink]
    purpose: str


def send_survey(session: Session, survey: Survey, ask: Ask) -> None:
    """One tap away, without an account. Some days later once more."""
    to, content = recipient_of(ask), _content(survey, ask)
    send(session, SURVEY, to, ask_sent_key(ask), about=about(ask), **content)
    reminders = ensure_default_sequence(session, REMINDERS)
    start_run(session, reminders, to, about=about(ask), anchor_at=ask.sent_at or utc_now(), **content)


def _content(survey: Survey, ask: Ask) -> _Content:
    return {
        "fields": {
            "question": survey.question,
            "is_score": survey.is_score,
            "due_on": ask.due_on,
            "from_name": ask.sent_by.name if ask.sent_by else "",
        },
        "links": {"answer": SignedLink(LinkPurpose.ANSWER, ask.id, ask.link_version)},
        "purpose": ask.kind.purpose.value,
    }

"""The emails of a survey: the question, and the same once more to whoever has not answered."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from portal.asks.ask_many import ProposedAsk
from portal.asks.emails import recipient_of_many, sent_key
from portal.asks.models import Ask, AskKind, AskState
from portal.declarations.email_content import FieldValues, SignedLink
from portal.declarations.email_kinds import EmailClass, EmailGroup, EmailKind
from portal.declarations.field_makers import date_field, link_field, text_field
from portal.declarations.link_phrases import LinkPhrase
from portal.declarations.merge_fields import MergeContext, MergeField
from portal.declarations.reminders import ReminderSequence
from portal.declarations.sample_emails import SampleEmail, sample_link
from portal.declarations.sending import OutgoingEmail, send_many
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.outreach.sequences.default_sequences import ensure_default_sequence
from portal.outreach.sequences.start_many import NewRun, start_runs
from portal.outreach.sequences.timing import DAY
from portal.surveys.models import Survey
from tenants.clock import utc_now
from tenants.models import Membership


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
    subject="{{question}}",
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
    subject=mark("Just a reminder: {{question}}"),
    group=SURVEYS,
    fields=FIELDS,
    required_links=("answer_link",),
    sample=SAMPLE,
    email_class=EmailClass.PROGRAM,
    needs_open_ask=True,
    reminders=REMINDERS,
)
KINDS = (SURVEY, SURVEY_REMINDER)


def send_surveys(
    session: Session, survey: Survey, asks: Sequence[ProposedAsk], by: Membership | None
) -> None:
    """One tap away, without an account."""
    fields = {day: _fields(survey, day, by) for day in {ask.due_on for ask in asks}}
    send_many(session, SURVEY, [_email(ask, fields[ask.due_on], by) for ask in asks])


def start_reminders(session: Session, survey: Survey, asks: Sequence[Ask]) -> None:
    """The same some days later once more, to whoever has not answered by then."""
    runs = []
    for ask in asks:
        if ask.state is AskState.SENT:
            email = _email(ask, _fields(survey, ask.due_on, ask.sent_by), ask.sent_by)
            runs.append(NewRun(email, ask.emailed_at or ask.sent_at or utc_now()))
    start_runs(session, ensure_default_sequence(session, REMINDERS), runs)


def _fields(survey: Survey, due_on: date, by: Membership | None) -> FieldValues:
    return {
        "question": survey.question,
        "is_score": survey.is_score,
        "due_on": due_on,
        "from_name": by.name if by else "",
    }


def _email(ask: ProposedAsk | Ask, fields: FieldValues, by: Membership | None) -> OutgoingEmail:
    return OutgoingEmail(
        to=recipient_of_many(ask.advocate, by),
        key=sent_key(ask.id),
        about=(Ask.__tablename__, ask.id),
        fields=fields,
        links={"answer": SignedLink(LinkPurpose.ANSWER, ask.id)},
        purpose=AskKind.SURVEY.purpose.value,
    )

"""The kinds of ask, as data: what each weighs, what it needs, what it counts against, and its words.

They stand here, because people say which of them they are willing to do. A new kind is a member, a row, and a
migration that adds its value to the checks; what a kind decides is read from its row and from nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from portal.advocates.models import ConsentPurpose
from portal.declarations.programs import PROGRAMS
from portal.i18n import mark, mark_plural


class WindowGroup(StrEnum):
    """What an ask is counted together with."""

    TALKS = "talks"  # all kinds of this group: windows per person and per company
    SAME_KIND = "same_kind"  # its own kind alone
    EVENTS = "events"  # its own kind alone, with a limit of its own


class AskKind(StrEnum):
    CALL = "call"
    SITE_VISIT = "site_visit"
    WRITTEN = "written"
    QUOTE = "quote"  # quote or logo
    SPEAKING = "speaking"
    RFP = "rfp"
    STORY = "story"
    REVIEW = "review"
    REFERRAL = "referral"
    PEER_QUESTION = "peer_question"
    BOARD_SEAT = "board_seat"
    EVENT = "event"
    BOARD_MEETING = "board_meeting"
    SURVEY = "survey"

    @property
    def row(self) -> "AskKindRow":
        return ASK_KINDS[self]

    @property
    def purpose(self) -> ConsentPurpose:
        return self.row.purpose

    @property
    def minutes(self) -> int:
        return self.row.favor_minutes

    @property
    def attention_minutes(self) -> int:
        return self.row.attention_minutes

    @property
    def is_guest(self) -> bool:
        return self.row.is_guest

    @property
    def has_meeting(self) -> bool:
        return self.row.has_meeting


@dataclass(frozen=True, kw_only=True)
class AskKindRow:
    """One kind. Its words are marked here and translated where they are shown."""

    attention_minutes: int  # to read and answer it, counted when it is sent
    favor_minutes: int  # that the favor takes, counted by the day of the yes
    purpose: ConsentPurpose  # the consent it stands on
    is_act: bool = True  # done, it is an act of advocacy
    needs_willingness: bool = True  # only those are asked who ticked it
    is_default: bool = False  # who gave the consent and ticked nothing is willing to do it
    pauses_with_account: bool = False  # while its health is red or yellow, or a renewal is close
    rest_days: int = 0  # after a yes
    keeps_rest: bool = True  # nobody who rests is asked this
    is_guest: bool = False  # its attention has a window of its own, and an answer may change
    has_meeting: bool = False
    window: WindowGroup = WindowGroup.SAME_KIND
    is_at_desk: bool = False  # reps can file a request for it
    passes_email_cap: bool = False  # its emails count for a person's cap and are never held by it

    name: str  # as inside a sentence
    short_name: str
    phrase: str  # "we may ask you for …"
    requested: str  # "Rae asked for …"
    question: str  # to the advocate; `prospect`, `minutes`
    length: str  # how long it takes; `minutes`
    effort: str = ""  # the rest of that line
    missing_consent: str  # "Ada …"
    without_consent: str  # "12 …"
    willing: str = ""  # what a person ticks; `minutes`
    unwilling: str = ""  # "Ada …"
    window_words: tuple[str, str] = ("", "")  # what fills its own window: one, many; `count`
    desk_title: str = ""  # what the prospect wants; `prospect`, `product`


CALLS, NAME, EVENTS = ConsentPurpose.CALLS, ConsentPurpose.NAME, ConsentPurpose.EVENTS
REVIEWS, REFERRALS, FEEDBACK = ConsentPurpose.REVIEWS, ConsentPurpose.REFERRALS, ConsentPurpose.FEEDBACK
ABOUT, WHEN_IT_SUITS = mark("About %(minutes)s minutes"), mark("when it suits you")
NO_EVENTS, WITHOUT_EVENTS = mark("hasn’t agreed to events and boards"), mark("Haven’t agreed to events")
DESK: dict[str, Any] = {
    "is_at_desk": True, "passes_email_cap": True, "pauses_with_account": True,
}  # fmt: skip
TALK: dict[str, Any] = DESK | {"window": WindowGroup.TALKS, "rest_days": 14}
GUEST: dict[str, Any] = {"is_guest": True, "is_act": False, "needs_willingness": False, "keeps_rest": False}

# fmt: off
ASK_KINDS: Mapping[AskKind, AskKindRow] = MappingProxyType({
    AskKind.CALL: AskKindRow(
        attention_minutes=2, favor_minutes=20, purpose=CALLS, is_default=True, has_meeting=True, **TALK,
        name=mark("reference call"), short_name=mark("call"), phrase=mark("reference calls"),
        requested=mark("a call"), willing=mark("A reference call, %(minutes)s minutes"),
        question=mark("Could you talk to %(prospect)s for %(minutes)s minutes?"),
        length=mark("%(minutes)s minutes by video"), effort=mark("plus 5 to prepare"),
        missing_consent=mark("hasn’t agreed to reference calls"), without_consent=mark("Haven’t agreed to calls"),
        unwilling=mark("would rather not give reference calls"),
        desk_title=mark("%(prospect)s wants to talk to someone who uses %(product)s"),
    ),
    AskKind.SITE_VISIT: AskKindRow(
        attention_minutes=3, favor_minutes=90, purpose=CALLS, has_meeting=True, **TALK,
        name=mark("site visit"), short_name=mark("site visit"), phrase=mark("site visits"),
        requested=mark("a site visit"), willing=mark("A visit to my site, %(minutes)s minutes"),
        question=mark("Could %(prospect)s visit you and see how you do it?"),
        length=mark("%(minutes)s minutes at your office"), effort=mark("they’ll come to you"),
        missing_consent=mark("hasn’t agreed to site visits"),
        without_consent=mark("Haven’t agreed to site visits"),
        unwilling=mark("would rather not host site visits"),
        desk_title=mark("%(prospect)s wants to visit someone who uses %(product)s"),
    ),
    AskKind.WRITTEN: AskKindRow(
        attention_minutes=3, favor_minutes=30, purpose=NAME, is_default=True, **DESK,
        name=mark("written reference"), short_name=mark("written"), phrase=mark("written references"),
        requested=mark("a written reference"), willing=mark("Written answers, %(minutes)s minutes"),
        question=mark("Could you write a few lines for %(prospect)s?"), length=ABOUT, effort=WHEN_IT_SUITS,
        missing_consent=mark("hasn’t agreed to be named in writing"),
        without_consent=mark("Haven’t agreed to be named in writing"),
        unwilling=mark("would rather not write references"),
        window_words=mark_plural("%(count)s written reference in 30 days", "%(count)s written references in 30 days"),
        desk_title=mark("%(prospect)s wants to read what users of %(product)s say"),
    ),
    AskKind.QUOTE: AskKindRow(
        attention_minutes=2, favor_minutes=10, purpose=NAME, is_default=True, **DESK,
        name=mark("quote or logo"), short_name=mark("quote"), phrase=mark("quotes or your logo"),
        requested=mark("a quote or logo"), willing=mark("A quote or our logo, %(minutes)s minutes"),
        question=mark("May we share a quote from you with %(prospect)s?"), length=ABOUT, effort=WHEN_IT_SUITS,
        missing_consent=mark("hasn’t agreed to be quoted"), without_consent=mark("Haven’t agreed to be quoted"),
        unwilling=mark("would rather not be quoted"),
        window_words=mark_plural("%(count)s quote in 30 days", "%(count)s quotes in 30 days"),
        desk_title=mark("%(prospect)s wants a quote or logo from someone who uses %(product)s"),
    ),
    AskKind.SPEAKING: AskKindRow(
        attention_minutes=3, favor_minutes=60, purpose=EVENTS, is_default=True, **TALK,
        name=mark("event speaker"), short_name=mark("speaker"), phrase=mark("talks at events"),
        requested=mark("a speaker"), willing=mark("Speaking at an event, %(minutes)s minutes"),
        question=mark("Would you speak to %(prospect)s about your experience?"),
        length=mark("%(minutes)s minutes on stage or online"), effort=mark("we’ll help you prepare"),
        missing_consent=mark("hasn’t agreed to speak at events"), without_consent=mark("Haven’t agreed to speak"),
        unwilling=mark("would rather not speak at events"),
        desk_title=mark("%(prospect)s wants a speaker who uses %(product)s"),
    ),
    AskKind.RFP: AskKindRow(
        attention_minutes=3, favor_minutes=30, purpose=NAME, **DESK,
        name=mark("RFP answer"), short_name=mark("RFP"), phrase=mark("answers for RFPs"),
        requested=mark("an RFP answer"), willing=mark("RFP answers, %(minutes)s minutes"),
        question=mark("Could you answer a few questions for %(prospect)s?"), length=ABOUT, effort=WHEN_IT_SUITS,
        missing_consent=mark("hasn’t agreed to be named in RFP answers"),
        without_consent=mark("Haven’t agreed to be named in RFP answers"),
        unwilling=mark("would rather not answer RFPs"),
        window_words=mark_plural("%(count)s RFP answer in 30 days", "%(count)s RFP answers in 30 days"),
        desk_title=mark("%(prospect)s wants RFP answers from someone who uses %(product)s"),
    ),
    AskKind.STORY: AskKindRow(
        attention_minutes=3, favor_minutes=60, purpose=NAME, pauses_with_account=True,
        name=mark("customer story"), short_name=mark("story"), phrase=mark("customer stories"),
        requested=mark("a customer story"), willing=mark("A story about our work, %(minutes)s minutes"),
        question=mark("May we tell your story?"), length=ABOUT, effort=mark("we write, you approve"),
        missing_consent=mark("hasn’t agreed to be named in writing"),
        without_consent=mark("Haven’t agreed to be named in writing"),
        unwilling=mark("would rather not be in a customer story"),
        window_words=mark_plural("%(count)s customer story in 30 days", "%(count)s customer stories in 30 days"),
    ),
    AskKind.REVIEW: AskKindRow(
        attention_minutes=2, favor_minutes=15, purpose=REVIEWS, keeps_rest=False,
        name=mark("review"), short_name=mark("review"), phrase=mark("reviews"),
        requested=mark("a review"), willing=mark("A review on a public site, %(minutes)s minutes"),
        question=mark("Would you write a public review?"), length=ABOUT, effort=WHEN_IT_SUITS,
        missing_consent=mark("hasn’t agreed to write reviews"),
        without_consent=mark("Haven’t agreed to write reviews"),
        unwilling=mark("would rather not write reviews"),
        window_words=mark_plural("%(count)s review in 30 days", "%(count)s reviews in 30 days"),
    ),
    AskKind.REFERRAL: AskKindRow(
        attention_minutes=2, favor_minutes=10, purpose=REFERRALS,
        name=mark("referral"), short_name=mark("referral"), phrase=mark("referrals"),
        requested=mark("a referral"), willing=mark("Recommending you to someone I know, %(minutes)s minutes"),
        question=mark("Do you know someone we could help?"), length=ABOUT, effort=WHEN_IT_SUITS,
        missing_consent=mark("hasn’t agreed to referrals"), without_consent=mark("Haven’t agreed to referrals"),
        unwilling=mark("would rather not make referrals"),
        window_words=mark_plural("%(count)s referral in 30 days", "%(count)s referrals in 30 days"),
    ),
    AskKind.PEER_QUESTION: AskKindRow(
        attention_minutes=2, favor_minutes=10, purpose=CALLS,
        name=mark("question from a peer"), short_name=mark("question"), phrase=mark("questions from peers"),
        requested=mark("an answer for a peer"), willing=mark("A question from a peer, %(minutes)s minutes"),
        question=mark("Could you answer a question from a peer?"), length=ABOUT, effort=WHEN_IT_SUITS,
        missing_consent=mark("hasn’t agreed to questions from peers"),
        without_consent=mark("Haven’t agreed to questions from peers"),
        unwilling=mark("would rather not answer questions from peers"),
        window_words=mark_plural(
            "%(count)s question from a peer in 30 days", "%(count)s questions from peers in 30 days",
        ),
    ),
    AskKind.BOARD_SEAT: AskKindRow(
        attention_minutes=3, favor_minutes=0, purpose=EVENTS, is_act=False, needs_willingness=False,
        name=mark("board seat"), short_name=mark("board seat"), phrase=mark("a seat on our advisory board"),
        requested=mark("a board member"), question=mark("Would you join our advisory board?"),
        length=mark("A few meetings a year"), missing_consent=NO_EVENTS, without_consent=WITHOUT_EVENTS,
        window_words=mark_plural("%(count)s board seat in 30 days", "%(count)s board seats in 30 days"),
    ),
    AskKind.EVENT: AskKindRow(
        attention_minutes=1, favor_minutes=0, purpose=EVENTS, window=WindowGroup.EVENTS, **GUEST,
        name=mark("event invitation"), short_name=mark("event"), phrase=mark("events"),
        requested=mark("a guest"), question=mark("Would you come to our event?"),
        length=mark("Yes or no is enough"), missing_consent=NO_EVENTS, without_consent=WITHOUT_EVENTS,
        window_words=mark_plural("%(count)s event invitation in 30 days", "%(count)s event invitations in 30 days"),
    ),
    AskKind.BOARD_MEETING: AskKindRow(
        attention_minutes=1, favor_minutes=0, purpose=EVENTS, **GUEST,
        name=mark("board meeting"), short_name=mark("board meeting"), phrase=mark("board meetings"),
        requested=mark("a board member"), question=mark("Would you come to the board meeting?"),
        length=mark("Yes or no is enough"), missing_consent=NO_EVENTS, without_consent=WITHOUT_EVENTS,
        window_words=mark_plural("%(count)s board meeting in 30 days", "%(count)s board meetings in 30 days"),
    ),
    AskKind.SURVEY: AskKindRow(
        attention_minutes=1, favor_minutes=0, purpose=FEEDBACK, **GUEST,
        name=mark("survey"), short_name=mark("survey"), phrase=mark("surveys"),
        requested=mark("an opinion"), question=mark("Would you answer one question?"),
        length=mark("One tap is enough"), missing_consent=mark("hasn’t agreed to surveys"),
        without_consent=mark("Haven’t agreed to surveys"),
        window_words=mark_plural("%(count)s survey in 30 days", "%(count)s surveys in 30 days"),
    ),
})
# fmt: on

TALKS = frozenset(kind for kind in AskKind if kind.row.window is WindowGroup.TALKS)
GUESTS = frozenset(kind for kind in AskKind if kind.is_guest)
ACTS = frozenset(kind for kind in AskKind if kind.row.is_act)
DESK_KINDS = tuple(kind for kind in AskKind if kind.row.is_at_desk)


def kinds_in_use() -> tuple[AskKind, ...]:
    """Those that some program asks for."""
    return tuple(kind for kind in AskKind if kind in PROGRAMS.ask_kinds)


def willing_kinds() -> tuple[AskKind, ...]:
    """Those of them that people tick."""
    return tuple(kind for kind in kinds_in_use() if kind.row.needs_willingness)


def default_kinds(purposes: set[ConsentPurpose]) -> list[AskKind]:
    return [kind for kind in willing_kinds() if kind.row.is_default and kind.purpose in purposes]

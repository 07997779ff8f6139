"""Columns in which a CRM says whom not to write to or call: what they are called, and what their values mean.

A value nobody can read counts as opted out, never as agreed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from portal.imports.values.cleaning import BLANK_WORDS


class OptOutMeaning(StrEnum):
    """What a yes in such a column ends; with OPT_IN, what anything but a yes ends."""

    UNDECIDED = ""
    EMAILS = "emails"
    CALLS = "calls"
    CONTACT = "contact"
    EVENTS = "events"
    NEWS = "news"
    REVIEWS = "reviews"
    BOUNCED = "bounced"
    OPT_IN = "opt_in"
    NOTHING = "nothing"


M = OptOutMeaning
CHOICES = {
    M.UNDECIDED: _l("Choose…"),
    M.EMAILS: _l("Yes means: no invitations or program emails"),
    M.CALLS: _l("Yes means: no calls"),
    M.CONTACT: _l("Yes means: neither emails nor calls"),
    M.EVENTS: _l("Yes means: no emails about events"),
    M.NEWS: _l("Yes means: no news"),
    M.REVIEWS: _l("Yes means: no emails about reviews"),
    M.BOUNCED: _l("Yes means: the address doesn’t work"),
    M.OPT_IN: _l("Yes means: agreed to emails. Everyone else gets no invitations or program emails"),
    M.NOTHING: _l("Says nothing about emails or calls"),
}
EMAIL = r"(e ?mails?|e ?mailings?|mailings?|newsletters?)"
EMAIL_TOPICS = (
    (r"event|webinar|conference", M.EVENTS),
    (r"news|blog|product update", M.NEWS),
    (r"review", M.REVIEWS),
)
OPTED_OUT_WORDS = r"(opt(ed)? ?out|unsubscri|abgemeldet|abbestellt)"
OTHER_CHANNELS = r"\b(fax|mobile|sms|text messages?|whatsapp|postal|letters?|post)\b"
DETAIL_SUFFIX = (
    r"\b(date|source|text|version|ip|by|reason|on|at|time)$"  # when and why somebody said it, not what
)
HEADINGS = (  # the first that fits decides; compared with the heading as `folded` writes it
    (rf"\b(consent|gdpr|opt(ed)? ?(in|out)|legal basis)\b.*{DETAIL_SUFFIX}", M.UNDECIDED),
    (rf"(opt|do ?not|don t|allow|consent).*{OTHER_CHANNELS}|{OTHER_CHANNELS}.*(opt|consent)", M.NOTHING),
    (rf"newsletters?.*{OPTED_OUT_WORDS}|{OPTED_OUT_WORDS}.*newsletters?|keine newsletter", M.NEWS),
    (r"(not|n t|no) (allow )?(phone )?call|\bdnc\b|donotcall", M.CALLS),
    (r"call.*opt(ed)? ?out|opt(ed)? ?out.*(call|phone)", M.CALLS),
    (
        r"phone.*opt(ed)? ?out|nicht anrufen|kein(e)? anruf|ne pas (appeler|telephoner)|no llamar|non chiamare",
        M.CALLS,
    ),
    (r"(not|n t|no) (be )?contact|donotcontact|do not disturb|\bdnd\b|blocklist|blacklist", M.CONTACT),
    (r"nicht kontaktieren|kein(e)? kontakt|ne pas contacter|no contactar|non contattare", M.CONTACT),
    (
        r"bounc|undeliverable|unzustellbar|(e ?mail|address).*(invalid|not valid)|invalid.*(e ?mail|address)",
        M.BOUNCED,
    ),
    (rf"(opted out of|unsubscribed from) {EMAIL} (?!address).*", M.EMAILS),
    (r"marketing contact status|non marketing", M.EMAILS),
    (
        rf"{EMAIL}.*opt(ed)? ?out|opt(ed)? ?out.*{EMAIL}|(not|n t|no|keine?) (allow )?(bulk )?{EMAIL}",
        M.EMAILS,
    ),
    (
        r"unsubscri|optout|opted ?out|opt out|abgemeldet|abbestellt|widersproch|desabonn|desinscri|desuscri",
        M.EMAILS,
    ),
    (rf"{EMAIL}.*(opt(ed)? ?in|consent|permission|allowed)|(opt(ed)? ?in|consent|agreed).*{EMAIL}", M.OPT_IN),
    (
        r"^(marketing |gdpr |e ?mail |data )*(opt(ed)? ?in|consent)( (status|given|granted))?$|gdpr status",
        M.OPT_IN,
    ),
    (r"^(marketing )?einwilligung|^consentement|^consentimiento|dsgvo einwilligung", M.OPT_IN),
)
SUSPICIOUS_HEADING = re.compile(
    r"\bopt(s|ed|in|out|ed ?in|ed ?out)?\b|unsub|\bsubscribe[dr]?\b|consent|gdpr|dsgvo|rgpd|\bccpa\b"
    r"|do ?not|\bdon t\b|\bdnc\b|\bdnd\b|^newsletters?$|quarantin"
    r"|bounc|blacklist|blocklist|suppress|marketing (contact|status|permission|preference|email|allowed|ok)"
    r"|legal basis|exclu(de|sion)|no marketing|spam|complain"
    r"|abmeld|abbestell|widerspr|einwillig|werbesperre|werbung|desabon|desinscri|consentiment|opposition|robinson"
    r"|no (call|mail|e ?mail|contact|phone)|(e ?mail|communication|contact) (preference|permission|allowed|status)"
    r"|\bpermission\b|lawful|kontaktsperre|mailsperre|sperrvermerk|sperre"
)


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


NO = words_of(
    "0|0.0|false|no|n|f|off|nein|non|nej|nee|nie|ne|nao|нет|いいえ|否|falsch|faux|falso|unchecked|none|"
    "never|not opted out|subscribed|opted in|opt in|active|valid|ok|okay|deliverable|"
    "marketing contact|not unsubscribed|not bounced|no bounce|allow|allowed|can contact|☐"
)
YES = words_of(
    "1|1.0|true|yes|y|t|x|on|ja|oui|si|sim|tak|ano|da|да|はい|是|wahr|vrai|verdadero|vero|checked|"
    "granted|given|agreed|opted in|opt in|double opt in|subscribed|confirmed|allow|allowed|✓|✔|☑|"
    "consented|consent given"
)
OPTED_OUT = words_of(
    "opted out|opt out|unsubscribed|non marketing contact|not a marketing contact|do not contact|"
    "do not call|do not email|bounced|hard bounce|hard|soft|invalid|withdrawn|revoked|denied|refused|"
    "not given"
)
UNCLEAR = "?"


def normal_words(text: str) -> str:
    apart = re.sub(r"([a-zà-ÿ])([A-Z])", r"\1 \2", text)
    plain = unicodedata.normalize("NFKD", apart.casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", kept).split())


def meaning_of_heading(heading: str) -> OptOutMeaning | None:
    """Return what it means; UNDECIDED: a person has to say; None: it is about something else."""
    words = normal_words(heading)
    means = next((means for pattern, means in HEADINGS if re.search(pattern, words)), None)
    if means is None:
        return OptOutMeaning.UNDECIDED if SUSPICIOUS_HEADING.search(words) else None
    if means is OptOutMeaning.EMAILS and (named := re.search(rf"(?:out of|from) {EMAIL} (.+)", words)):
        return next((about for pattern, about in EMAIL_TOPICS if re.search(pattern, named[2])), means)
    return means


def guess_meanings(header: Sequence[str]) -> dict[str, str]:
    found = ((number, meaning_of_heading(heading)) for number, heading in enumerate(header))
    return {str(number): means.value for number, means in found if means is not None}


def undecided_columns(opt_outs: Mapping[str, str]) -> list[int]:
    return [int(column) for column, means in opt_outs.items() if means == OptOutMeaning.UNDECIDED]


def opt_out_mark(means: OptOutMeaning, raw: str) -> str:
    """Return '' when the value ends nothing, “?” when nobody can read it, so that it ends what it may, else “!”."""
    words = _value(raw)
    if means is OptOutMeaning.OPT_IN:
        return "" if words in YES else "!" if not words or words in NO | OPTED_OUT else UNCLEAR
    if not words or words in NO:
        return ""
    is_clear = (
        words in YES | OPTED_OUT or means is OptOutMeaning.BOUNCED or bool(re.match(r"\d{1,4}[ -]\d", words))
    )
    return "!" if is_clear else UNCLEAR


def _value(raw: str) -> str:
    text = raw.strip().casefold()
    if text in BLANK_WORDS:
        return ""
    return text if len(text) < 2 or text in {"1.0", "0.0"} else normal_words(text) or text

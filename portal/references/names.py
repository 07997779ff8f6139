"""Contact protection: who an advocate is to a rep, before and after the name may be known."""

from datetime import date

from flask_babel import gettext as _

from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.asks.models import State as AskState
from portal.asks.sentences import Sentence
from portal.references import matching
from portal.web.filters import day

AFTER_YES = frozenset({AskState.ACCEPTED, AskState.COMPLETED, AskState.NOT_HELD})


def is_released(ask: Ask, name_after_yes: bool) -> bool:
    """The advocate said yes, and the workspace lets reps know the name from then on.

    Not for a favour a rep logged by an address: the name would tell whether we knew it.
    """
    return name_after_yes and ask.state in AFTER_YES and not ask.outside


def for_rep(ask: Ask) -> str:
    """Who somebody is while the name is kept from the rep."""
    return _("The customer you asked yourself") if ask.outside else described(ask.advocate)


def described(advocate: Advocate) -> str:
    """VP IT, industrials, 20,000+ staff, customer for 3 years: enough to judge, not enough to find."""
    return ", ".join(said(part) for part in matching.described(advocate))


def said(words: Sentence) -> str:
    """A sentence written below the views, in the reader's language."""
    blanks = {name: day(value) if isinstance(value, date) else value for name, value in words.params}
    return _(words.message) % blanks if blanks else _(words.message)

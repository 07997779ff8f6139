"""Contact protection: who an advocate is to a rep, before and after the name may be known."""

from datetime import date

from flask_babel import gettext as _

from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState
from portal.asks.translatable import TranslatableText
from portal.references.matching.labels import anonymous_parts
from portal.web.filters import day

NAME_VISIBLE_STATES = frozenset({AskState.ACCEPTED, AskState.COMPLETED, AskState.NOT_HELD})


def is_name_visible(ask: Ask, name_after_yes: bool) -> bool:
    """Tell whether the advocate said yes and the workspace then lets reps know the name.

    Not for a favor a rep logged by an address: the name would tell whether we knew it.
    """
    return name_after_yes and ask.state in NAME_VISIBLE_STATES and not ask.off_platform


def name_before_yes(ask: Ask) -> str:
    return _("The customer you asked yourself") if ask.off_platform else anonymous_description(ask.advocate)


def anonymous_description(advocate: Advocate) -> str:
    """Describe the role: enough to judge, not enough to find."""
    return ", ".join(translated(part) for part in anonymous_parts(advocate))


def translated(words: TranslatableText) -> str:
    blanks = {name: day(value) if isinstance(value, date) else value for name, value in words.params}
    return _(words.message) % blanks if blanks else _(words.message)

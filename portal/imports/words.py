"""How an import speaks: states, outcomes and values in the reader's words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from portal.advocates.labels import PERSONA, SENIORITY
from portal.imports.fields import KINDS, Value, field_of
from portal.imports.models import Import, Kind, Outcome, State
from portal.web.filters import number


class Look(NamedTuple):
    word: LazyString
    tone: str
    icon: str


STATES = {
    State.READING: Look(_l("Being looked at"), "now", "loader"),
    State.UNREADABLE: Look(_l("Can't be read"), "bad", "alert-triangle"),
    State.CHECKING: Look(_l("Being checked"), "now", "loader"),
    State.UPLOADED: Look(_l("Waiting for you"), "now", "arrow-right"),
    State.QUEUED: Look(_l("Starts soon"), "", "clock"),
    State.STAGING: Look(_l("Being read"), "now", "loader"),
    State.MERGING: Look(_l("Being put in place"), "now", "loader"),
    State.DONE: Look(_l("Done"), "", "circle-check"),
    State.FAILED: Look(_l("Stopped"), "bad", "alert-triangle"),
    State.UNDOING: Look(_l("Being taken back"), "now", "loader"),
    State.UNDONE: Look(_l("Taken back"), "", "arrow-back-up"),
}
TABS = {
    Outcome.CREATED: _l("New"),
    Outcome.UPDATED: _l("Changed"),
    Outcome.UNCHANGED: _l("As before"),
    Outcome.COMPANY_CREATED: _l("New companies"),
    Outcome.COMPANY_UPDATED: _l("Changed companies"),
    Outcome.CONFLICTING: _l("Conflicting values"),
    Outcome.REFUSED: _l("Refused"),
    Outcome.LEFT_OUT: _l("Values left out"),
    Outcome.SKIPPED: _l("Not part of the table"),
    Outcome.SUPPRESSED: _l("Opted out"),
    Outcome.KEPT: _l("Kept"),
}
ABOUT = {
    Outcome.CREATED: _l("These were not here before."),
    Outcome.UPDATED: _l(
        "These were here, and the file says something new about them. Empty cells changed nothing."
    ),
    Outcome.UNCHANGED: _l("The file says nothing new about these."),
    Outcome.COMPANY_CREATED: _l(
        "Companies that came in with their people, under the first line that names them."
    ),
    Outcome.COMPANY_UPDATED: _l("Companies about which the file says something new."),
    Outcome.CONFLICTING: _l(
        "These values disagree with an earlier line or with what is known here, and were not taken."
    ),
    Outcome.REFUSED: _l(
        "These lines were not imported. Put them right in your CRM and import the file again."
    ),
    Outcome.LEFT_OUT: _l("The line was imported without this value."),
    Outcome.SKIPPED: _l("Totals and notices at the end of a report, and lines with nothing in them."),
    Outcome.SUPPRESSED: _l(
        "The file says so, so they are suppressed. They were imported all the same. Undo leaves this as it is, "
        "unless you say there that the file was wrong."
    ),
    Outcome.KEPT: _l("Undo left these as they are."),
}
AFTER_UNDO = {Outcome.KEPT, Outcome.REFUSED, Outcome.SKIPPED, Outcome.SUPPRESSED}  # these stay true
Say = Callable[[int], str]
SENTENCES: dict[Kind, Say] = {
    Kind.ACCOUNTS: lambda n: ngettext("%(n)s company came in", "%(n)s companies came in", n, n=number(n)),
    Kind.PEOPLE: lambda n: ngettext("%(n)s person came in", "%(n)s people came in", n, n=number(n)),
    Kind.DEALS: lambda n: ngettext("%(n)s deal came in", "%(n)s deals came in", n, n=number(n)),
}
COUNTED: dict[Outcome, Say] = {
    Outcome.CREATED: lambda n: _("%(n)s new", n=number(n)),
    Outcome.UPDATED: lambda n: _("%(n)s changed", n=number(n)),
    Outcome.UNCHANGED: lambda n: _("%(n)s as before", n=number(n)),
    Outcome.CONFLICTING: lambda n: ngettext(
        "%(n)s conflicting value", "%(n)s conflicting values", n, n=number(n)
    ),
    Outcome.REFUSED: lambda n: _("%(n)s refused", n=number(n)),
    Outcome.SUPPRESSED: lambda n: _("%(n)s opted out", n=number(n)),
}
# what `before`, the columns of a table, is called where a person reads it
COLUMNS = {
    "name": _l("Name"),
    "external_id": _l("Id in your CRM"),
    "account_id": _l("Company"),
    "seniority": _l("Seniority"),
    "persona": _l("Department"),
    "rep_id": _l("Rep"),
    "owner_id": _l("Account owner"),
    "company": _l("Company name"),
    "company_external_id": _l("Company's id in your CRM"),
}
IDENTITY = {Kind.ACCOUNTS: _l("Company"), Kind.PEOPLE: _l("Person"), Kind.DEALS: _l("Deal")}
UNSAID = frozenset({"name_sort", "name_norm", "prospect_norm", "owner_email_norm", "rep_email_norm"})
NAMED: Mapping[str, Mapping[str, Any]] = {"seniority": SENIORITY, "persona": PERSONA}
UNTOLD = UNSAID | {"rep_id", "owner_id"}  # these ids follow from addresses, which are told


def title(this: Import) -> str:
    """The one sentence over a finished import."""
    fresh = int(this.counts.get(Outcome.CREATED, 0))
    if this.state == State.FAILED:
        return _("This import stopped, and nothing of it came in")
    if this.state == State.UNDONE:
        return _("This import was taken back")
    if fresh:
        return SENTENCES[this.kind](fresh)
    if this.counts.get(Outcome.UPDATED) or this.counts.get(Outcome.COMPANY_UPDATED):
        return _("What was here is up to date")
    return _("Nothing new in this file")


def kind(this: Import) -> str:
    """What its lines are about, once somebody has looked."""
    return "" if this.state in {State.READING, State.UNREADABLE} else str(KINDS[this.kind])


def lede(this: Import) -> str:
    if this.why:
        return _(this.why)
    if this.state == State.UNDONE:
        return " ".join([_undone(this), *_still_opted_out(this)])
    rest = counted(this, leave_out=Outcome.CREATED)
    return _("Besides: %(counts)s.", counts=rest) if rest else _("Every line of the file is here now.")


def holds(this: Import, outcome: Outcome) -> bool:
    """Is what became of these lines still so?"""
    if this.state != State.UNDONE:
        return True
    is_lifted = outcome == Outcome.SUPPRESSED and this.lifts_opt_outs
    return outcome in AFTER_UNDO and not is_lifted


def about(this: Import, outcome: Outcome | None) -> str:
    if outcome is None:
        return _("Nothing of this import is left. Choose a list to see what its lines had been.")
    if not holds(this, outcome):
        return _("So it was before the import was taken back.")
    return str(ABOUT[outcome])


def _undone(this: Import) -> str:
    return _(
        "%(deleted)s new rows were removed, %(restored)s got their earlier values back, %(kept)s were kept.",
        deleted=number(this.counts.get("deleted", 0)),
        restored=number(this.counts.get("restored", 0)),
        kept=number(this.counts.get("kept", 0)),
    )


def _still_opted_out(this: Import) -> list[str]:
    """What became of its suppressions."""
    if this.lifts_opt_outs:
        return [_("%(n)s suppressions were lifted.", n=number(this.counts.get("lifted", 0)))]
    return [_("People who opted out stay suppressed.")] if this.counts.get(Outcome.SUPPRESSED) else []


def counted(this: Import, leave_out: Outcome | None = None) -> str:
    """“1,979 new, 25 as before, 22 refused”"""
    said = {each: say for each, say in COUNTED.items() if each != leave_out and this.counts.get(each)}
    return ", ".join(say(int(this.counts[outcome])) for outcome, say in said.items())


def heading(kind: Kind, column: str) -> str:
    """A field by its label; '' for none."""
    known = field_of(kind, column) or next((f for each in Kind if (f := field_of(each, column))), None)
    return str(COLUMNS.get(column) or (known.label if known else column))


def changed(kind: Kind, columns: Iterable[str]) -> str:
    """“Job title, NPS”: which columns got a new value."""
    return ", ".join(dict.fromkeys(heading(kind, column) for column in columns if column not in UNSAID))


def from_to(
    kind: Kind, before: Mapping[str, Any], after: Mapping[str, Any], companies: Mapping[str, str]
) -> str:
    """“Job title: VP IT → CIO; NPS: empty → 9”; companies are stored by their ids, and told by name."""
    told = (
        _(
            "%(what)s: %(before)s → %(after)s",
            what=heading(kind, column),
            before=_value(kind, column, before[column], companies),
            after=_value(kind, column, after.get(column), companies),
        )
        for column in before
        if column not in UNTOLD
    )
    return "; ".join(told)


def _value(kind: Kind, column: str, value: Any, companies: Mapping[str, str]) -> str:
    parts = [str(part) for part in (value if isinstance(value, list) else [value]) if part not in (None, "")]
    told = NAMED.get(column, companies)
    return ", ".join(str(told.get(part) or shown(kind, column, part)) for part in parts) or _("empty")


def shown(kind: Kind, column: str, value: str) -> str:
    """A cleaned value as it would be written."""
    known = field_of(kind, column)
    if known and known.value == Value.MONEY and value.lstrip("-").isdigit():
        return f"{int(value) / 100:,.2f}"
    return value

"""What a finished import says over its lists: how many rows came in, and what an undo left."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.imports.labels import OUTCOME_HINTS, status_text
from portal.imports.models import Import, ImportKind, ImportState, LineOutcome
from portal.web.filters import number

TRUE_AFTER_UNDO = {
    LineOutcome.KEPT,
    LineOutcome.REFUSED,
    LineOutcome.SKIPPED,
    LineOutcome.SUPPRESSED,
}  # these stay true
CHANGES = (
    LineOutcome.UPDATED,
    LineOutcome.COMPANY_UPDATED,
    LineOutcome.DETAIL_ADDED,
    LineOutcome.DETAIL_CHANGED,
)
CountLabel = Callable[[int], str]
CREATED_COUNTS: dict[ImportKind, CountLabel] = {
    ImportKind.ACCOUNTS: lambda n: ngettext(
        "%(n)s company imported", "%(n)s companies imported", n, n=number(n)
    ),
    ImportKind.PEOPLE: lambda n: ngettext("%(n)s person imported", "%(n)s people imported", n, n=number(n)),
    ImportKind.DEALS: lambda n: ngettext("%(n)s deal imported", "%(n)s deals imported", n, n=number(n)),
    ImportKind.USAGE: lambda n: ngettext(
        "%(n)s month of usage imported", "%(n)s months of usage imported", n, n=number(n)
    ),
    ImportKind.SUBSCRIPTIONS: lambda n: ngettext(
        "%(n)s subscription imported", "%(n)s subscriptions imported", n, n=number(n)
    ),
}
OUTCOME_COUNTS: dict[LineOutcome, CountLabel] = {
    LineOutcome.CREATED: lambda n: _("%(n)s new", n=number(n)),
    LineOutcome.UPDATED: lambda n: _("%(n)s updated", n=number(n)),
    LineOutcome.UNCHANGED: lambda n: _("%(n)s unchanged", n=number(n)),
    LineOutcome.DETAIL_ADDED: lambda n: ngettext(
        "%(n)s tag or field added", "%(n)s tags and fields added", n, n=number(n)
    ),
    LineOutcome.DETAIL_CHANGED: lambda n: ngettext(
        "%(n)s field updated", "%(n)s fields updated", n, n=number(n)
    ),
    LineOutcome.CONFLICTING: lambda n: ngettext(
        "%(n)s conflicting value", "%(n)s conflicting values", n, n=number(n)
    ),
    LineOutcome.REFUSED: lambda n: _("%(n)s rejected", n=number(n)),
    LineOutcome.SUPPRESSED: lambda n: _("%(n)s opted out", n=number(n)),
}


def title(this: Import) -> str:
    fresh = int(this.counts.get(LineOutcome.CREATED, 0))
    if this.state == ImportState.FAILED:
        return _("This import failed, and nothing was imported")
    if this.state == ImportState.UNDONE:
        return _("This import was undone")
    if fresh:
        return CREATED_COUNTS[this.kind](fresh)
    if any(this.counts.get(outcome) for outcome in CHANGES):
        return _("Existing records are up to date")
    return _("Nothing new in this file")


def lede(this: Import) -> str:
    if this.failure:
        return status_text(this)
    if this.state == ImportState.UNDONE:
        return " ".join([_undo_summary(this), *_suppression_summary(this)])
    rest = counts_summary(this, leave_out=LineOutcome.CREATED)
    return _("Also: %(counts)s.", counts=rest) if rest else _("Every row was imported.")


def is_still_true(this: Import, outcome: LineOutcome) -> bool:
    if this.state != ImportState.UNDONE:
        return True
    is_lifted = outcome == LineOutcome.SUPPRESSED and this.lifts_opt_outs
    return outcome in TRUE_AFTER_UNDO and not is_lifted


def outcome_hint(this: Import, outcome: LineOutcome | None) -> str:
    if outcome is None:
        return _("Nothing from this import remains. Choose a list to see what it had imported.")
    if not is_still_true(this, outcome):
        return _("This was the result before the import was undone.")
    return str(OUTCOME_HINTS[outcome])


def _undo_summary(this: Import) -> str:
    return _(
        "%(deleted)s new records were removed, %(restored)s were restored, %(kept)s were kept.",
        deleted=number(this.counts.get("deleted", 0)),
        restored=number(this.counts.get("restored", 0)),
        kept=number(this.counts.get("kept", 0)),
    )


def _suppression_summary(this: Import) -> list[str]:
    """What became of its suppressions."""
    if this.lifts_opt_outs:
        return [_("%(n)s suppressions were lifted.", n=number(this.counts.get("lifted", 0)))]
    return [_("People who opted out stay suppressed.")] if this.counts.get(LineOutcome.SUPPRESSED) else []


def counts_summary(this: Import, leave_out: LineOutcome | None = None) -> str:
    said = {each: say for each, say in OUTCOME_COUNTS.items() if each != leave_out and this.counts.get(each)}
    return ", ".join(say(int(this.counts[outcome])) for outcome, say in said.items())

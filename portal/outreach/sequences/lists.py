"""The list of sequences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.declarations.lists import CellKind, DeclaredList, ListColumn, ListReader, ListTab, Place
from portal.exports import cells
from portal.outreach.messages.queries import written_and_sent
from portal.outreach.sequences import labels, queries
from portal.outreach.sequences.models import EmailSequence, SequenceState
from portal.outreach.sequences.queries import RunFilter
from tenants.database import tenant
from tenants.models import MANAGER_ROLES

STATES = {state: badge.word for state, badge in labels.STATES.items()}


@dataclass(frozen=True)
class SequenceFacts:
    """What the cells show of one sequence besides itself."""

    name: str
    delays_text: str
    written: int
    sent: int
    runs: Mapping[str, int]  # by `RunFilter`


def _facts(reader: ListReader, rows: Sequence[EmailSequence]) -> Mapping[UUID, SequenceFacts]:
    session, ids = reader.session, [row.id for row in rows]
    runs, emails = queries.run_counts(session, ids), written_and_sent(session, ids)
    delays = queries.step_delays(session, ids)
    return {
        row.id: SequenceFacts(
            labels.sequence_name(row),
            ", ".join(labels.delay(each, row.program) for each in delays.get(row.id, ())),
            *emails.get(row.id, (0, 0)),
            {on.value: many for on, many in runs[row.id].items()},
        )
        for row in rows
    }


def _tab(state: SequenceState) -> ListTab:
    return ListTab(
        name=state.value,
        label=STATES[state],
        condition=lambda _: EmailSequence.state == state,
        is_counted=True,
    )


def _number(name: str, label: object, from_width: str = "") -> ListColumn:
    return ListColumn(name=name, label=label, is_numeric=True, from_width=from_width)


SEQUENCES = DeclaredList(
    name="sequences",
    label=_l("Sequences"),
    order=_l("newest first"),
    endpoint="sequences.index",
    roles=frozenset(MANAGER_ROLES),
    model=EmailSequence,
    rows=lambda _: select(EmailSequence),
    columns=(
        ListColumn(
            name="name",
            label=_l("Sequence"),
            place=Place.ALWAYS,
            cell=lambda _: cells.text(EmailSequence.name),
        ),
        ListColumn(
            name="state",
            label=_l("State"),
            cell=lambda _: cells.labeled(EmailSequence.state, STATES),
            sort=(EmailSequence.state,),
        ),
        _number("emails", _l("Emails"), "md"),
        _number("sent", _l("Sent"), "md"),
        _number(RunFilter.WAITING.value, _l("In progress")),
        _number(RunFilter.ANSWERED.value, _l("Replied"), "lg"),
        _number(RunFilter.STOPPED.value, _l("Stopped"), "lg"),
        ListColumn(
            name="created",
            label=_l("Created"),
            place=Place.ON_CHOICE,
            cell=lambda reader: cells.day_in(tenant(reader.session).time_zone, EmailSequence.created_at),
            kind=CellKind.DAY,
            sort=(EmailSequence.id,),
            sorts_down_first=True,
        ),
    ),
    sort="-created",
    cells="outreach/sequences/list_cells.html",
    tabs=(ListTab(name="all", label=_l("All")), *(_tab(state) for state in SequenceState)),
    facts=_facts,
)
LISTS = (SEQUENCES,)

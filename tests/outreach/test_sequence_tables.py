"""Parts below sequences read their tables by name: the names are those of the models."""

import pytest
from sqlalchemy import TableClause

from portal.outreach import sequence_tables
from portal.outreach.sequences.models import EmailSequence, RunState, SequenceRun, SequenceState, SequenceStep
from tenants.base import Base


@pytest.mark.parametrize(
    ("stub", "model"),
    [
        (sequence_tables.sequences, EmailSequence),
        (sequence_tables.runs, SequenceRun),
        (sequence_tables.steps, SequenceStep),
    ],
)
def test_the_stub_of_a_table_names_columns_it_has(stub: TableClause, model: type[Base]) -> None:
    assert stub.name == model.__tablename__
    assert {column.name for column in stub.columns} <= {column.name for column in model.__table__.columns}


def test_the_words_for_its_states_are_the_stored_ones() -> None:
    assert SequenceState.PAUSED.value == sequence_tables.PAUSED
    assert RunState.STOPPED.value == sequence_tables.STOPPED

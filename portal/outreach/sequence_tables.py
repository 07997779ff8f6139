"""Tables of sequences as parts below them read them: sequences stand above the emails they write."""

from sqlalchemy import DateTime, Text, Uuid, column, table

PAUSED, STOPPED = "paused", "stopped"  # a sequence; a run
sequences = table(
    "sequences",
    column("id", Uuid),
    column("state", Text),
    column("ended_at", DateTime(timezone=True)),
    column("program", Text),
    column("name", Text),
)
runs = table(
    "sequence_runs",
    column("id", Uuid),
    column("sequence_id", Uuid),
    column("subject_id", Uuid),
    column("recipient_norm", Text),
    column("state", Text),
    column("ended_at", DateTime(timezone=True)),
)
steps = table("sequence_steps", column("template_id", Uuid))

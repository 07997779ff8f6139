"""What a feature declares, once, for each list that can be exported: its query, for page and worker alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.exports.export_table import ExportTable, Filters
from portal.exports.models import ExportKind


@dataclass(frozen=True)
class ExportSource:
    """`table` gets the filters of the address and the moment for which they are read."""

    kind: ExportKind
    table: Callable[[Session, Filters, datetime], ExportTable]

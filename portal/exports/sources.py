"""What a feature declares, once, for each list that can be exported: its query, for page and worker alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.exports.models import ExportKind
from portal.exports.tables import ExportTable, Filters


@dataclass(frozen=True)
class ExportSource:
    """`table` gets the filters of the address and the moment for which they are read."""

    kind: ExportKind
    table: Callable[[Session, Filters, datetime], ExportTable]

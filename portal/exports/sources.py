"""What a feature declares, once, for each list that can be exported: its query, for page and worker alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.exports.export_table import ExportTable, Filters
from portal.exports.models import ExportKind
from tenants.models import Membership


@dataclass(frozen=True)
class ExportSource:
    """`table` gets the filters of the address, the moment for which they are read, and who asked for the file."""

    kind: ExportKind
    table: Callable[[Session, Filters, datetime, Membership], ExportTable]
    page: str = ""  # endpoint of the page the list stands on; a declared list says its own

"""What a program puts into pages that belong to nobody: entries of menus, parts of a page, links to its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """`group` and `position` place it in the sidebar; in an advocate's bottom bar the position alone counts."""

    key: str  # what a page calls itself, to be marked as the current one
    icon: str
    label: str
    endpoint: str
    position: int
    group: int = 1


@dataclass(frozen=True)
class RecordLink:
    """A page and the words that lead there; shown to whoever may open it."""

    label: str
    endpoint: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PagePart:
    """A template that a page includes, what it reads as `part`, and buttons beside the title, the main one last."""

    template: str
    content: Any = None
    actions: Sequence[RecordLink] = ()

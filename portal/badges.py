"""A state as pages show it: a word, a tone and an icon."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class StatusBadge:
    """`note`: the rest of the sentence, e.g. until when."""

    word: Any
    tone: str
    icon: str
    note: Any = ""

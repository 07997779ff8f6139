"""Why the workspace took an ask back: a code in its row, its words here. A program may bring reasons of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.declarations.registry import Registry


@dataclass(frozen=True)
class WithdrawalReason:
    name: str  # kept in asks, so it never changes
    text: str  # marked, a sentence; `%(text)s`: in the words of whoever withdrew

    def problems(self) -> Iterator[str]:
        if not self.text.strip():
            yield "its text is missing."


WITHDRAWAL_REASONS: Registry[WithdrawalReason] = Registry("reason to withdraw an ask")

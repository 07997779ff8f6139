"""A bulk action as its pages show it: who it is for, who is left out and why, how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.declarations.bulk_acts import NEW, BulkAct
from portal.declarations.lists import LISTS, DeclaredList
from portal.lists import bulk_queries
from portal.lists.bulk_queries import BulkCounts
from portal.lists.labels import REST_LEFT_OUT
from portal.lists.list_page import list_reader, list_url
from portal.lists.models import BulkAction
from portal.web.current import db
from portal.web.filters import number


@dataclass(frozen=True)
class GatheringPage:
    """While a worker finds out who it is for."""

    action: BulkAction
    declared: DeclaredList
    looked_at: int
    total: int

    @classmethod
    def of(cls, action: BulkAction) -> "GatheringPage":
        return cls(action, LISTS.get(action.list_name), *bulk_queries.gathered(db, action))

    @property
    def percent(self) -> int:
        return min(99, 100 * self.looked_at // max(self.total, 1))

    @property
    def words(self) -> str:
        if not self.total:
            return _("The list is being read")
        return _("%(n)s of %(total)s checked", n=number(self.looked_at), total=number(self.total))

    @property
    def back(self) -> str:
        return list_url(self.declared, self.action.arguments)


@dataclass(frozen=True)
class BulkPage:
    action: BulkAction
    act: BulkAct
    declared: DeclaredList
    counts: BulkCounts
    named: Mapping[str, Sequence[Any]]  # code of the reason -> rows

    @classmethod
    def of(cls, action: BulkAction) -> "BulkPage":
        return cls(
            action,
            bulk_queries.act_of(action),
            LISTS.get(action.list_name),
            bulk_queries.counts(db, action),
            bulk_queries.named(db, action, list_reader()),
        )

    @property
    def is_for_nobody(self) -> bool:
        return not self.counts.to_do

    @property
    def title(self) -> Any:
        return self.act.nobody if self.is_for_nobody else self.act.title(self.counts.to_do)

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [self._words(row) for row in self.named.get("", ())]

    @property
    def more(self) -> int:
        """Those who are not named."""
        return self.counts.to_do + self.counts.done - len(self.named.get("", ()))

    @property
    def left_out(self) -> list[tuple[int, Any, str]]:
        """(how many, why, the first names)."""
        return [
            (many, {**self.act.reasons, **REST_LEFT_OUT}[code], self._names(code, many))
            for code, many in self.counts.left_out.items()
        ]

    def _names(self, code: str, many: int) -> str:
        names = [self._words(row)[0] for row in self.named.get(code, ())]
        more = many - len(names)
        return ", ".join(names) + (" " + _("and %(n)s more", n=number(more)) if more and names else "")

    def _words(self, row: Any) -> tuple[str, str]:
        title, about = self.declared.row_title, self.declared.row_about
        return title(row) if title else "", about(row) if about else ""

    @property
    def result(self) -> str:
        """A title, so without a full stop."""
        if self.counts.done:
            return self.act.done(self.counts.done).rstrip(".")
        was_cut_short = not self.counts.left_out or not {*REST_LEFT_OUT}.isdisjoint(self.counts.left_out)
        return _("Nothing was done") if was_cut_short else str(self.act.nobody)

    @property
    def choice(self) -> str:
        if self.action.choice == NEW and self.act.new_choice:
            return str(self.act.new_choice.label).rstrip("…")
        words = str(self.act.choices(list_reader()).get(self.action.choice, "")) if self.act.choices else ""
        return words[:1].upper() + words[1:]

    @property
    def back(self) -> str:
        return list_url(self.declared, self.action.arguments)

    @property
    def progress_words(self) -> str:
        done, total = self.counts.done, self.counts.done + self.counts.to_do
        return _("%(done)s of %(total)s done", done=number(done), total=number(total))

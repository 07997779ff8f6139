"""What features declare, by name: filled by the list on the top floor, read by every floor above this one."""

from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar


class Declaration(Protocol):
    """Anything with a name that can say what is wrong with it, in a sentence each."""

    @property
    def name(self) -> str: ...

    def problems(self) -> Iterable[str]: ...


D = TypeVar("D", bound=Declaration)


class NotDeclared(LookupError):
    """Nothing of this name is declared in this process."""


class DeclaredTwice(ValueError):
    """Two features took the same name."""


class IncompleteDeclarations(Exception):
    """Everything that is missing or wrong; nothing may start before it is put right."""


class Registry(Generic[D]):
    """`what` is the noun of its sentences: “email kind”. Its order is the order of the list that fills it."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._declared: dict[str, D] = {}

    def add(self, *declared: D) -> None:
        for each in declared:
            if each.name in self._declared:
                raise DeclaredTwice(f"There are two {self.what}s called “{each.name}”.")
            self._declared[each.name] = each

    def get(self, name: str) -> D:
        declared = self._declared.get(name)
        if declared is None:
            raise NotDeclared(f"There is no {self.what} called “{name}”.")
        return declared

    def find(self, name: str) -> D | None:
        return self._declared.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._declared

    def __iter__(self) -> Iterator[D]:
        return iter(self._declared.values())

    def __len__(self) -> int:
        return len(self._declared)

    def problems(self) -> Iterator[str]:
        if not self._declared:
            yield f"No {self.what} is declared."
        for each in self:
            yield from (f"The {self.what} “{each.name}”: {problem}" for problem in each.problems())

    def check_complete(self) -> None:
        """Raise IncompleteDeclarations with every problem, a line each, before a process starts."""
        if problems := list(self.problems()):
            raise IncompleteDeclarations("\n".join(problems))

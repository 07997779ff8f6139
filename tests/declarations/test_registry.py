"""A registry says in plain sentences what is missing, what is there twice and what is not whole."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from portal import policies
from portal.advocates.ask_kind_policies import REST_DAYS
from portal.declarations.registry import DeclaredTwice, IncompleteDeclarations, NotDeclared, Registry


@dataclass(frozen=True)
class Fruit:
    name: str
    color: str = ""

    def problems(self) -> Iterator[str]:
        if not self.color:
            yield "its color is missing."


def fruits(*declared: Fruit) -> Registry[Fruit]:
    registry: Registry[Fruit] = Registry("fruit")
    registry.add(*declared)
    return registry


def test_what_is_declared_is_found_by_its_name_in_the_order_of_the_list() -> None:
    pear, apple = Fruit("pear", "green"), Fruit("apple", "red")
    registry = fruits(pear, apple)
    assert registry.get("apple") is registry.find("apple") is apple
    assert [*registry] == [pear, apple]
    assert "pear" in registry
    assert len(registry) == 2
    registry.check_complete()


def test_what_is_not_declared_is_refused_or_not_found() -> None:
    with pytest.raises(NotDeclared, match="There is no fruit called “plum”"):
        fruits().get("plum")
    assert fruits().find("plum") is None
    assert "plum" not in fruits()


def test_two_of_one_name_are_refused_at_once() -> None:
    with pytest.raises(DeclaredTwice, match="There are two fruits called “pear”"):
        fruits(Fruit("pear", "green"), Fruit("pear", "yellow"))


def test_two_settings_of_one_name_are_refused_and_the_first_one_stays() -> None:
    with pytest.raises(DeclaredTwice, match=r"There are two settings called “asks\.rest_days”"):
        policies.declare("asks.rest_days", 1, "Another break")
    assert policies.POLICIES["asks.rest_days"] is REST_DAYS


def test_everything_that_is_missing_is_said_together() -> None:
    with pytest.raises(IncompleteDeclarations) as refusal:
        fruits(Fruit("pear"), Fruit("apple", "red"), Fruit("plum")).check_complete()
    assert str(refusal.value).splitlines() == [
        "The fruit “pear”: its color is missing.",
        "The fruit “plum”: its color is missing.",
    ]


def test_an_empty_registry_is_not_whole() -> None:
    with pytest.raises(IncompleteDeclarations, match="No fruit is declared"):
        fruits().check_complete()

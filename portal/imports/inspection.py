"""What a file shows before anything is imported, kept with the import so that pages need not read it again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from portal.imports.numbers import Proof
from portal.imports.quotes import Fault, Reading, Suspect


@dataclass(frozen=True)
class Inspection:
    """`examples`: each possible encoding, the likeliest first, and how it reads some cells beyond ASCII."""

    examples: Sequence[tuple[str, Sequence[str]]] = ()
    is_proven: bool = True  # the encoding
    width: int = 0  # cells of the header, with those without a name
    joined: int = 0
    empty: int = 0
    suspects: Sequence[Suspect] = ()
    suspicious: int = 0  # with those not kept
    mark: Proof = Proof.NONE
    amounts: Sequence[int] = ()  # the columns that were asked about their decimal mark
    overruled: Sequence[str] = ()  # remembered formats that this file disproves

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def opened(cls, kept: Mapping[str, Any]) -> Self:
        suspects = [
            Suspect(each["line"], each["below"], Fault(each["fault"]), Reading(each["reading"]))
            for each in kept.get("suspects", ())
        ]
        return cls(**{**kept, "suspects": suspects, "mark": Proof(kept.get("mark", Proof.NONE))})

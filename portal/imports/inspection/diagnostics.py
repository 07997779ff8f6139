"""What a file shows before anything is imported, kept with the import so that pages need not read it again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from portal.imports.parsing.quotation_marks import QuoteFault, QuoteReading, SuspectQuote
from portal.imports.values.numbers import MarkProof


@dataclass(frozen=True)
class FileDiagnostics:
    """`examples`: each possible encoding, the likeliest first, and how it reads some cells beyond ASCII."""

    examples: Sequence[tuple[str, Sequence[str]]] = ()
    is_proven: bool = True  # the encoding
    width: int = 0  # cells of the header, with those without a name
    joined: int = 0
    empty: int = 0
    suspects: Sequence[SuspectQuote] = ()
    suspicious: int = 0  # with those not kept
    mark: MarkProof = MarkProof.NONE
    amounts: Sequence[int] = ()  # the columns that were asked about their decimal mark
    overruled: Sequence[str] = ()  # remembered formats that this file disproves

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        suspects = [
            SuspectQuote(
                each["line"], each["below"], QuoteFault(each["fault"]), QuoteReading(each["reading"])
            )
            for each in kept.get("suspects", ())
        ]
        return cls(**{**kept, "suspects": suspects, "mark": MarkProof(kept.get("mark", MarkProof.NONE))})

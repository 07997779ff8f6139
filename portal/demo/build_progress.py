"""How far the first start of a demo got: killed at any moment, the next one goes on from there."""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class BuildProgress:
    data: str  # the folder of customer files; '' for the generated sample
    days: int
    began: str = ""  # the moment at which the history begins
    told: str = ""  # the moment up to which it was told

    @classmethod
    def read(cls, path: Path) -> Self | None:
        return cls(**json.loads(path.read_text())) if path.exists() else None

    def write(self, path: Path) -> Self:
        draft = path.with_name(f"{path.name}.new")
        draft.write_text(json.dumps(asdict(self)))
        draft.replace(path)
        return self

    def begin(self, at: datetime) -> Self:
        return self if self.began else replace(self, began=at.isoformat())

    def until(self, at: datetime) -> Self:
        return replace(self, told=at.isoformat())

    @property
    def begins(self) -> datetime:
        return datetime.fromisoformat(self.began)

    @property
    def is_told_until(self) -> datetime | None:
        return datetime.fromisoformat(self.told) if self.told else None

    @property
    def source(self) -> str:
        return self.data or "the generated sample"


def write_once(path: Path, content: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
    draft.replace(path)

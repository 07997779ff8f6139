"""The loopback SendGrid as a process of its own, and what it says it took."""

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID

from portal.demo.processes import Child
from portal.gateways import email_ids
from tests.present import present


@dataclass
class SendGrid:
    child: Child
    url: str
    public_key: str

    @classmethod
    def start(cls, folder: Path, script: Mapping[str, Any]) -> "SendGrid":
        command = [sys.executable, "-m", "tests.fakes.sendgrid", "--script", json.dumps(script)]
        child = Child("sendgrid", command, folder / "sendgrid.log")
        child.start()
        while not (child.log.exists() and "\n" in (said := child.log.read_text())):
            if child.exit_code is not None:
                raise RuntimeError(child.log_tail(20))
            time.sleep(0.05)
        known = json.loads(said.splitlines()[0])
        return cls(child, known["url"], known["public_key"])

    def taken(self) -> Counter[tuple[UUID, UUID]]:
        """(workspace, email) -> how often it was taken."""
        return Counter(
            {present(email_ids.decode(gw)): times for gw, times in self._says("/fake")["taken"].items()}
        )

    def news_waiting(self) -> int:
        return int(self._says("/fake")["events"]["waiting"])

    def email(self, workspace: UUID, email: UUID) -> dict[str, Any]:
        """As its reader got it: subject, text, html, sender."""
        return self._says(f"/fake/emails/{email_ids.encode(workspace, email)}")

    def _says(self, path: str) -> dict[str, Any]:
        with urlopen(self.url + path, timeout=60) as answer:  # noqa: S310  (our own address)
            found: dict[str, Any] = json.load(answer)
            return found

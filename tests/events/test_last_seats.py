"""Many people want the last seats at the same moment, over HTTP, from real processes: a short turn of the bench."""

import json
import subprocess
import sys
from pathlib import Path

from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


def test_forty_people_want_the_last_ten_seats_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.last_seats", "--guests", "40", "--seats", "10", "--rounds", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (said,) = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert (said["guests"], said["seats"], said["faults"]) == (40, 10, [])

"""What benches write past the models is right in the database as it is now; how fast it is, they measure elsewhere."""

import json
import subprocess
import sys
from pathlib import Path

from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


def test_whoever_measures_finds_rows_that_the_tables_still_take() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.small"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    named = [json.loads(line)["name"] for line in done.stdout.splitlines() if line.startswith("{")]
    assert named[:2] == ["matching_candidates_300", "matching_live_count_300"]
    assert named[-3:] == ["directory_slowest_ms", "directory_vs_unwalled", "directory_count_ratio"]

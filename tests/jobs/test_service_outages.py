"""A short bad day for the real processes; `make chaos` has the long one."""

from pathlib import Path

from tests.chaos.run import run_scenario
from tests.chaos.scenario import SHORT


def test_on_a_bad_day_no_email_is_lost_or_doubled_and_no_wall_is_crossed(tmp_path: Path) -> None:
    found = run_scenario(SHORT, tmp_path)
    assert found.is_good, found
    assert found.emails == SHORT.emails
    assert found.states["delivered"] > SHORT.emails * 0.8, found

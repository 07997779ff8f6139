from pathlib import Path

import pytest

from portal.demo import shell
from tests.world import World


def test_settings_come_from_the_running_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    file = tmp_path / "settings.env"
    file.write_text("DATABASE_URL='postgresql://app:a b@localhost/goodword'\nMAIL_URL=mailbox:\n")
    assert shell.environment(file) == {
        "DATABASE_URL": "postgresql://app:a b@localhost/goodword",
        "MAIL_URL": "mailbox:",
    }


def test_without_a_demo_or_a_database_it_says_what_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SystemExit, match="make dev"):
        shell.environment(tmp_path / "settings.env")
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/goodword")
    assert shell.environment(tmp_path / "settings.env")["DATABASE_URL"] == "postgresql://elsewhere/goodword"


def test_a_workspace_is_named_where_there_are_several(acme: World, globex: World) -> None:
    assert shell.find_workspace(acme.slug).name == acme.name
    with pytest.raises(SystemExit, match="WORKSPACE="):
        shell.find_workspace("")

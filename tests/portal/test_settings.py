"""Whoever starts the house with a wrong setting reads which and why, in one line."""

from dataclasses import replace

import pytest

from portal.settings import ALIASES, Settings

WRONG = {
    "DATABASE_URL": "mysql://here/goodword",
    "REDIS_URL": "http://here",
    "PUBLIC_URL": "https://here.example/path",
    "WALL_KEY": "short",
    "WALL_KEY_OLD": "short",
    "SECRET_KEY": "short",
    "DATA_KEY": "short",
    "GOODWORD_ENV": "staging",
    "MAIL_URL": "smtp://",
    "SENDGRID_URL": "api.sendgrid.com",
    "MAIL_FROM": "Goodword",
    "TRUSTED_PROXIES": "-1",
    "LEASE_SECONDS": "0",
    "STATEMENT_SECONDS": "0",
    "UNKNOWN_SECONDS": "long",
    "EVENT_SILENCE_SECONDS": "1.5",
    "SPOOL_MEGABYTES": "0",
}
SERVERS = ("", "192.0.2.53", "192.0.2.53:5353", "dns.example.com", "2001:db8::53", "[2001:db8::53]:5353")
NO_SERVERS = (
    "dns.example.com:53:53",
    "192.0.2.53:dns",
    "192.0.2.53:0",
    "192.0.2.53:99999",
    "udp://192.0.2.53",
    "192.0.2.53/24",
    "here and there",
    "[2001:db8::53",
    "me@192.0.2.53",
    ":53",
    "-",
)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named(name: str, settings: Settings) -> None:
    assert settings.first_problem() == ""
    assert name in replace(settings, **{name.lower(): WRONG[name]}).first_problem()


@pytest.mark.parametrize("old", ALIASES)
def test_a_setting_is_still_read_by_its_old_name(old: str, settings: Settings) -> None:
    name = ALIASES[old]
    given = {name.upper(): str(value) for name, value in vars(settings).items() if value} | {name: ""}
    assert getattr(Settings.from_env(given | {old: "12345"}), name.lower()) == "12345"
    assert getattr(Settings.from_env(given | {old: "12345", name: "54321"}), name.lower()) == "54321"


def test_the_house_does_not_start_with_it(settings: Settings) -> None:
    with pytest.raises(SystemExit, match=r"^Settings: DATABASE_URL, .* must be set"):
        Settings.from_env({})
    given = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "PUBLIC_URL": "http://here",
    }
    keys = dict.fromkeys(("WALL_KEY", "SECRET_KEY", "DATA_KEY"), "k" * 40)
    own = given | keys | {"GOODWORD_ENV": "development"}
    assert Settings.from_env(own).dns_server == ""
    with pytest.raises(SystemExit, match=r"^Settings: DNS_SERVER must be a host or host:port"):
        Settings.from_env(own | {"DNS_SERVER": "dns server"})


def test_sendgrid_needs_its_key_and_production_a_way_out(settings: Settings) -> None:
    assert "SENDGRID_API_KEY" in replace(settings, mail_url="sendgrid:").first_problem()
    assert "local mailbox" in replace(settings, goodword_env="production").first_problem()


@pytest.mark.parametrize("server", SERVERS)
def test_a_name_server_is_a_host_with_or_without_a_port(server: str, settings: Settings) -> None:
    assert replace(settings, dns_server=server).first_problem() == ""


@pytest.mark.parametrize("server", NO_SERVERS)
def test_anything_else_is_no_name_server(server: str, settings: Settings) -> None:
    assert "DNS_SERVER" in replace(settings, dns_server=server).first_problem()

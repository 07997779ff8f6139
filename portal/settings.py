"""Every setting of the house: typed, read once, passed on. README.md has a line for each."""

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Self
from urllib.parse import urlsplit

ENVIRONMENTS = ("production", "development", "demo")
SHORTEST_KEY = 32  # characters


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read from variables of the environment of the same names in capitals; see `from_env`."""

    database_url: str
    wall_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    redis_url: str
    public_url: str
    mail_url: str = "mailbox:"
    mail_from: str = "Goodword <goodword@localhost>"
    goodword_env: str = "production"
    database_owner_url: str = field(default="", repr=False)
    wall_key_old: str = field(default="", repr=False)
    trusted_proxies: str = "0"
    lease_seconds: str = "60"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """All settings, or an exit that names what is missing or wrong in one line."""
        given = {f.name: env[f.name.upper()] for f in fields(cls) if env.get(f.name.upper())}
        missing = [f.name.upper() for f in fields(cls) if f.default is MISSING and f.name not in given]
        if missing:
            raise SystemExit(f"Settings: {', '.join(missing)} must be set. README.md says what each is for.")
        settings = cls(**given)
        if wrong := settings.what_is_wrong():
            raise SystemExit(f"Settings: {wrong}")
        return settings

    def what_is_wrong(self) -> str:
        """The first wrong setting in words, or nothing."""
        checks = {
            "DATABASE_URL must start with postgresql://": self.database_url.startswith("postgresql"),
            "REDIS_URL must start with redis:// or rediss:// or unix://": self.redis_url.startswith(
                ("redis://", "rediss://", "unix://")
            ),
            "PUBLIC_URL must be an address like https://goodword.example.com": _is_address(self.public_url),
            f"WALL_KEY must have at least {SHORTEST_KEY} characters": len(self.wall_key) >= SHORTEST_KEY,
            f"SECRET_KEY must have at least {SHORTEST_KEY} characters": len(self.secret_key) >= SHORTEST_KEY,
            f"GOODWORD_ENV must be one of {', '.join(ENVIRONMENTS)}": self.goodword_env in ENVIRONMENTS,
            "MAIL_URL must start with mailbox: or smtp:// or smtps://": self.mail_url.startswith(
                ("mailbox:", "smtp://", "smtps://")
            ),
            "MAIL_URL is the local mailbox, which production does not have; name an smtp:// server": not (
                self.is_production and self.mail_url.startswith("mailbox:")
            ),
            "TRUSTED_PROXIES must be a number": self.trusted_proxies.isdigit(),
            "LEASE_SECONDS must be a number from 1": self.lease_seconds.isdigit()
            and int(self.lease_seconds) > 0,
        }
        return next((words for words, fine in checks.items() if not fine), "")

    @property
    def is_production(self) -> bool:
        return self.goodword_env == "production"

    @property
    def is_demo(self) -> bool:
        return self.goodword_env == "demo"

    @property
    def wall_keys(self) -> list[str]:
        return [key for key in (self.wall_key, self.wall_key_old) if key]

    @property
    def app_role(self) -> str:
        return urlsplit(self.database_url).username or ""

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and parts.path in {"", "/"}

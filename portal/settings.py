"""Every setting of the installation: typed, read once, passed on. README.md has a line for each."""

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from email.utils import parseaddr
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tenants.email_addresses import InvalidDomain, ascii_domain, ascii_email

ENVIRONMENTS = ("production", "development", "demo")
MIN_KEY_LENGTH = 32  # characters
URL_SETTINGS = (
    "database_url",
    "database_owner_url",
    "redis_url",
    "public_url",
    "mail_url",
    "sendgrid_url",
    "dns_server",
)
ALIASES = {"DOUBT_SECONDS": "UNKNOWN_SECONDS", "SILENCE_SECONDS": "EVENT_SILENCE_SECONDS"}  # names of old
URL_AUTHORITY = re.compile(r"(?P<user>[^/?#]*@)?(?P<host>[^/?#@:\[\]]+)(?P<more>[:/?#].*)?", re.DOTALL)
HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9.])?")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Read from variables of the environment of the same names in capitals; see `from_env`."""

    database_url: str
    wall_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    data_key: str = field(repr=False)
    redis_url: str
    public_url: str
    mail_url: str = "mailbox:"
    mail_from: str = ""
    goodword_env: str = "production"
    database_owner_url: str = field(default="", repr=False)
    wall_key_old: str = field(default="", repr=False)
    trusted_proxies: str = "0"
    lease_seconds: str = "60"
    statement_seconds: str = "5"
    sendgrid_api_key: str = field(default="", repr=False)
    sendgrid_url: str = "https://api.sendgrid.com"
    sendgrid_webhook_key: str = ""
    unknown_seconds: str = "900"
    event_silence_seconds: str = "86400"
    dns_server: str = ""
    spool_megabytes: str = "1024"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Read all settings, or exit with one line that names what is missing or wrong."""
        env = {new: env.get(old, "") for old, new in ALIASES.items()} | {k: v for k, v in env.items() if v}
        values = {f.name: env[f.name.upper()] for f in fields(cls) if env.get(f.name.upper())}
        missing = [f.name.upper() for f in fields(cls) if f.default is MISSING and f.name not in values]
        if missing:
            raise SystemExit(f"Settings: {', '.join(missing)} must be set. README.md says what each is for.")
        settings = cls(**values | {name: _in_ascii(values[name]) for name in URL_SETTINGS if name in values})
        if wrong := settings.first_problem():
            raise SystemExit(f"Settings: {wrong}")
        return settings

    def first_problem(self) -> str:
        return next((words for words, fine in self._checks().items() if not fine), "")

    def _checks(self) -> dict[str, bool]:
        return self._servers() | self._keys() | self._mail() | self._names_and_numbers()

    def _servers(self) -> dict[str, bool]:
        return {
            "DATABASE_URL must look like postgresql://role:password@host/goodword": _is_url_with(
                self.database_url, "postgresql", "postgresql+psycopg", "postgres"
            ),
            "REDIS_URL must start with redis:// or rediss:// or unix://": self.redis_url.startswith("unix://")
            or _is_url_with(self.redis_url, "redis", "rediss"),
            "PUBLIC_URL must be an address like https://goodword.example.com": _is_url_with(
                self.public_url, "http", "https"
            )
            and urlsplit(self.public_url).path in {"", "/"},
            "DNS_SERVER must be a host or host:port, like 192.0.2.53 or [2001:db8::53]:5353": (
                not self.dns_server or _is_host(self.dns_server)
            ),
        }

    def _keys(self) -> dict[str, bool]:
        keys = {"WALL_KEY": self.wall_key, "SECRET_KEY": self.secret_key, "DATA_KEY": self.data_key}
        required = keys | ({"WALL_KEY_OLD": self.wall_key_old} if self.wall_key_old else {})
        return {
            f"{name} must have at least {MIN_KEY_LENGTH} characters": len(key) >= MIN_KEY_LENGTH
            for name, key in required.items()
        }

    def _mail(self) -> dict[str, bool]:
        return {
            "MAIL_URL must be sendgrid: or mailbox:, or start with smtp:// or smtps:// and name a server": (
                self._has_mail_url()
            ),
            "MAIL_URL is sendgrid:, so SENDGRID_API_KEY must be set": bool(self.sendgrid_api_key)
            or not self.mail_url.startswith("sendgrid:"),
            "SENDGRID_URL must be an address like https://api.eu.sendgrid.com": _is_url_with(
                self.sendgrid_url, "http", "https"
            ),
            "MAIL_URL takes ?tls=starttls or ?tls=off": self._tls in {"", "starttls", "off"},
            "MAIL_URL is the local mailbox, which production does not have; name an smtp:// server": not (
                self.is_production and self.mail_url.startswith("mailbox:")
            ),
            "MAIL_FROM must be an address like Goodword <goodword@example.com>": _is_address(
                self.sender_address
            )
            or not (self.mail_from or self.is_production),
        }

    def _names_and_numbers(self) -> dict[str, bool]:
        return {
            f"GOODWORD_ENV must be one of {', '.join(ENVIRONMENTS)}": self.goodword_env in ENVIRONMENTS,
            "TRUSTED_PROXIES must be a number": _is_number(self.trusted_proxies),
            "LEASE_SECONDS must be a number from 1": _is_number(self.lease_seconds)
            and int(self.lease_seconds) > 0,
            "UNKNOWN_SECONDS must be a number greater than LEASE_SECONDS": _is_number(self.unknown_seconds)
            and _is_number(self.lease_seconds)
            and int(self.unknown_seconds) > int(self.lease_seconds),
            "STATEMENT_SECONDS must be a number from 1": _is_number(self.statement_seconds)
            and int(self.statement_seconds) > 0,
            "EVENT_SILENCE_SECONDS must be a number": _is_number(self.event_silence_seconds),
            "SPOOL_MEGABYTES must be a number from 1": _is_number(self.spool_megabytes)
            and int(self.spool_megabytes) > 0,
        }

    def _has_mail_url(self) -> bool:
        return self.mail_url.startswith(("mailbox:", "sendgrid:")) or _is_url_with(
            self.mail_url, "smtp", "smtps"
        )

    @property
    def _tls(self) -> str:
        return parse_qs(urlsplit(self.mail_url).query).get("tls", [""])[0]

    @property
    def sender_address(self) -> str:
        return parseaddr(self.mail_from)[1]

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


def _is_url_with(url: str, *schemes: str) -> bool:
    """Does it name a server in one of these ways, with a port that is one?"""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return parts.scheme in schemes and bool(host) and host.isascii() and parts.port != 0
    except ValueError:
        return False


def _is_host(text: str) -> bool:
    """host, host:port, [IPv6]:port, or IPv6 alone; names are asked for later, here they only have to be ones."""
    try:
        parts = urlsplit(f"//[{text}]" if text.count(":") > 1 and text[0] != "[" else f"//{text}")
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return False
    whole = "@" not in text and not (parts.path or parts.query or parts.fragment)
    return whole and port != 0 and bool(HOST_NAME.fullmatch(host) or ":" in host)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _is_address(address: str) -> bool:
    try:
        return "@" in ascii_email(address)
    except InvalidDomain:
        return False


def _in_ascii(url: str) -> str:
    """With its host as name servers know it (UTS 46): sockets and certificates read ß and ς as other letters."""
    scheme, slashes, rest = url.partition("://") if "://" in url else ("", "", url)
    authority = URL_AUTHORITY.fullmatch(rest)
    if url.isascii() or authority is None:
        return url
    try:
        return f"{scheme}{slashes}{authority['user'] or ''}{ascii_domain(authority['host'])}{authority['more'] or ''}"
    except InvalidDomain:
        return url

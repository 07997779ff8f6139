"""The processes of a bad day: started, watched, killed and started again."""

import os
import secrets
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis

from portal.cli import upgrade_database
from portal.demo import embedded
from portal.demo.processes import Child, free_port
from portal.demo.servers import start_postgres, start_valkey
from portal.settings import Settings
from tests.chaos.scenario import Scenario
from tests.chaos.sendgrid_process import SendGrid
from tests.waiting import PATIENCE, eventually
from tests.warm_processes import WarmProcess

ROOT = Path(__file__).resolve().parents[2]
KEY = "SG.chaos.key"


@dataclass
class ProcessGroup:
    day: Scenario
    settings: Settings
    superuser: str
    postgres: Child
    valkey: Child
    sendgrid: SendGrid
    people: dict[str, Child | WarmProcess] = field(default_factory=dict)  # the processes of Goodword, by name

    @classmethod
    def build(cls, folder: Path, day: Scenario) -> "ProcessGroup":
        postgres = start_postgres(folder / "pg", password=secrets.token_hex(8), log=folder / "postgres.log")
        valkey = start_valkey(folder / "valkey", password=secrets.token_hex(8), log=folder / "valkey.log")
        web = free_port()
        sendgrid = SendGrid.start(folder, _script(day, web))
        settings = _settings(postgres.url, valkey.url, sendgrid, web, day)
        upgrade_database(settings)
        town = cls(day, settings, _beside(postgres.url, settings), postgres.child, valkey.child, sendgrid)
        town._hire(folder, web)
        return town

    def _hire(self, folder: Path, web: int) -> None:
        commands = {"web": ["portal.web.server", "--port", str(web)]}
        commands |= {f"mail-{number}": ["jobs.worker", "mail"] for number in range(self.day.workers)}
        commands |= {"messages": ["jobs.worker", "messages"], "ticker": ["jobs.ticker"]}
        env = {"PATH": os.defpath, "TZ": "UTC"} | {
            name.upper(): value for name, value in vars(self.settings).items() if value
        }
        for name, words in commands.items():
            log = folder / f"{name}.log"
            warm = self.day.warm and name != "web"  # Granian begins processes of its own
            cold = [sys.executable, "-m", *words]
            self.people[name] = WarmProcess(words, env, log) if warm else Child(name, cold, log, env)
            self.people[name].start()

    def look(self) -> None:
        """Whoever fell gets up again. By the main thread alone: children die with their starter."""
        for one in self.people.values():
            if one.exit_code is not None:
                one.start()

    def kill(self, name: str) -> None:
        if self.people[name].exit_code is None:
            os.kill(self.people[name].pid, signal.SIGKILL)

    def wipe(self) -> None:
        with suppress(redis.RedisError):
            redis.Redis.from_url(self.settings.redis_url, socket_timeout=PATIENCE).flushall()

    def kill_redis(self) -> None:
        _fall(self.valkey, signal.SIGKILL)
        time.sleep(0.5)
        self.valkey.start()

    def restart_postgres(self) -> None:
        _fall(self.postgres, signal.SIGQUIT)
        self.postgres.start()
        eventually(self._postgres_answers, "PostgreSQL that answers")

    def _postgres_answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.superuser, connect_timeout=10).close()
            return True
        return False

    def stop(self) -> None:
        for one in self.people.values():
            one.ask_to_stop()
        for one in (*self.people.values(), self.sendgrid.child, self.valkey, self.postgres):
            one.stop()


def _fall(child: Child, by: signal.Signals) -> None:
    if child.process is not None:
        child.process.send_signal(by)
        child.process.wait(PATIENCE)


def _beside(postgres: str, settings: Settings) -> str:
    return postgres.rsplit("/", 1)[0] + "/" + settings.database_url.rsplit("/", 1)[1]


def _script(day: Scenario, web: int) -> dict[str, Any]:
    """3 % busy, 2 % a 500 after taking the emails, 1 % a lost answer; every fiftieth event is told 46 times."""
    news = {"url": f"http://127.0.0.1:{web}/hooks/sendgrid", "silent": day.silent, "seed": day.seed}
    news |= {"delay": 0.1, "spread": 3.0, "repeats": 46, "chance_of_repeats": 0.02}
    chances = {"busy": 0.03, "broken_after": 0.02, "gone_after": 0.01}
    return {"key": KEY, "chances": chances, "seed": day.seed, "slow": [0.05, 0.4], "news": news}


def _settings(postgres: str, valkey: str, sendgrid: SendGrid, web: int, day: Scenario) -> Settings:
    passwords = {embedded.OWNER: "o" * 32, embedded.APP: "a" * 32}
    embedded.make_roles(postgres, passwords)
    embedded.make_database(postgres)
    return Settings(
        database_url=embedded.url_for_role(postgres, embedded.APP, passwords[embedded.APP]),
        database_owner_url=embedded.url_for_role(postgres, embedded.OWNER, passwords[embedded.OWNER]),
        wall_key="k" * 40,
        secret_key="s" * 40,
        data_key="d" * 40,
        redis_url=valkey,
        public_url=f"http://127.0.0.1:{web}",
        goodword_env="production",
        mail_url="sendgrid:",
        mail_from="Goodword <goodword@example.com>",
        sendgrid_api_key=KEY,
        sendgrid_url=sendgrid.url,
        sendgrid_webhook_key=sendgrid.public_key,
        unknown_seconds=str(day.unknown),
        event_silence_seconds=str(day.silence),
        lease_seconds=str(day.lease),
    )

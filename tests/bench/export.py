"""100,000 people through the real export worker: `python -m tests.bench.export`. JSON lines, medians.

Beside it, in the same run: a bare COPY TO of the same columns by the server's superuser, and a page of the running web
processes, asked again and again while the export runs and while it does not.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import psycopg
from psutil import Process

from portal.app import create_app
from portal.demo import embedded
from portal.demo.processes import free_port
from portal.demo.stack import programs
from portal.exports import actions
from portal.exports.models import Export, ExportKind, ExportState
from portal.gateways.queue import WorkQueue
from portal.settings import Settings
from portal.web.dispatch import SESSION_COOKIE
from tenants.models import Role
from tests.bench.matching import _fill, _server
from tests.bench.outreach import ROOT, workers
from tests.world import World

PEOPLE, ROUNDS = 125_000, 5  # four of five are in the program: 100,000 lines
BLOCKS, BLOCK = 6, 5.0  # pages with and without an export, in turns of so many seconds
PATIENCE = 120.0
LEAST_RATE, MOST_P95 = 0.10, 1.5
BARE = """
    COPY (SELECT p.first_name || ' ' || p.last_name, p.email, p.title, a.name, a.industry, a.region, p.state,
        p.products, p.consents, p.last_ask_at, p.last_act_at, p.available_from
    FROM advocates p LEFT JOIN accounts a ON a.tenant_id = p.tenant_id AND a.id = p.account_id
    WHERE p.tenant_id = '{}' AND p.state IN ('enrolled', 'paused') ORDER BY p.name_sort, p.id) TO STDOUT (FORMAT csv)"""


class Bench:
    def __init__(self, superuser: str, world: World, worker: Process, page: str) -> None:
        self.superuser, self.world, self.worker, self.page = superuser, world, worker, page
        self.client = world.signed_in(Role.MANAGER)
        self.lines, self.most = 0, 0.0

    def export(self, **filters: str) -> float:
        """Seconds from the press of the button until the file is ready, made by the worker's own process."""
        began = time.perf_counter()
        with self.world.session() as session:
            export = actions.request_export(
                session,
                ExportKind.LIST,
                {"list": "advocates", **filters},
                file_name="advocates.csv",
                language="en",
                by=self.client.member,
            )
        while (export := self._look(export)).state is not ExportState.READY:
            self.most = max(self.most, self.megabytes())
            if time.perf_counter() - began > PATIENCE or export.state is ExportState.FAILED:
                raise TimeoutError(export.state)
            time.sleep(0.02)
        self.lines = export.lines_total
        return time.perf_counter() - began

    def _look(self, export: Export) -> Export:
        with self.world.session() as session:
            return session.get_one(Export, (export.tenant_id, export.id))

    def copy(self) -> float:
        with psycopg.connect(self.superuser) as connection, connection.cursor() as cursor:
            began = time.perf_counter()
            with cursor.copy(BARE.format(self.world.tenant_id).encode()) as copy:
                for _ in copy:
                    pass
        return time.perf_counter() - began

    def megabytes(self) -> float:
        return float(self.worker.memory_info().rss / 1e6)

    def pages(self) -> tuple[list[float], list[float]]:
        """Seconds of each page while an export runs, and while none does."""
        beside, alone = [], []
        for _ in range(BLOCKS):
            alone += self._block()
            with self._exporting():
                beside += self._block()
        return beside, alone

    @contextmanager
    def _exporting(self) -> Iterator[None]:
        """One export after the other, all the time."""
        over = Event()

        def keep_on() -> None:
            while not over.is_set():
                self.export()

        exporting = Thread(target=keep_on)
        exporting.start()
        try:
            yield
        finally:
            over.set()
            exporting.join()

    def _block(self) -> list[float]:
        signed_in = f"{SESSION_COOKIE}={self.client.cookie(SESSION_COOKIE)}"
        connection = HTTPConnection(self.page, timeout=PATIENCE)
        taken, ends = [], time.perf_counter() + BLOCK
        while time.perf_counter() < ends:
            began = time.perf_counter()
            connection.request("GET", f"/{self.world.slug}/requests", headers={"Cookie": signed_in})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise AssertionError(answer.status)
            taken.append(time.perf_counter() - began)
        return taken


@contextmanager
def web(settings: Settings) -> Iterator[str]:
    """The web processes of production; host and port."""
    port = free_port()
    env = {name.upper(): str(value) for name, value in asdict(settings).items() if value} | {"TZ": "UTC"}
    command = programs(port)["web"]
    program = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until_it_answers(port)
        yield f"127.0.0.1:{port}"
    finally:
        program.terminate()
        program.wait(30)


def _until_it_answers(port: int) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            connection = HTTPConnection(f"127.0.0.1:{port}", timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the web processes do not answer")


@contextmanager
def built(folder: Path) -> Iterator[Bench]:
    with ExitStack() as left:
        superuser, made = _server()
        settings = replace(made, redis_url=embedded.throwaway_valkey(folder))
        world = World.build(create_app(settings), "Acme")
        _fill(superuser, world.tenant_id, PEOPLE)
        worker, _ticker = left.enter_context(workers(settings, WorkQueue.EXPORTS))
        yield Bench(superuser, world, worker, left.enter_context(web(settings)))


def measured(bench: Bench) -> Iterator[dict[str, object]]:
    bench.export(product="Insights", region="APAC")  # the worker is warm, and has made a short one
    few, bench.most = bench.megabytes(), 0.0
    rounds = [(bench.copy(), bench.export()) for _ in range(ROUNDS)]
    bare, export = (statistics.median(column) for column in zip(*rounds, strict=True))
    yield line("export_vs_copy", bench.lines / export, "rows/s", bench.lines / bare)
    beside, alone = bench.pages()
    yield line("export_page_p95_ratio", 1000 * p95(beside), "ms", 1000 * p95(alone))
    yield line("export_rss_growth", bench.most, "MB", few)


def p95(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def line(name: str, value: float, unit: str, against: float) -> dict[str, object]:
    ratio = round(value / against, 3)
    return {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "ratio": ratio,
        "against": round(against, 1),
    }


def is_short(said: dict[str, object]) -> bool:
    ratio = float(str(said["ratio"]))
    return (said["name"] == "export_vs_copy" and ratio < LEAST_RATE) or (
        said["name"] == "export_page_p95_ratio" and ratio > MOST_P95
    )


def main() -> None:
    with TemporaryDirectory() as folder, built(Path(folder)) as bench:
        lines = []
        for said in measured(bench):
            lines.append(said)
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()
    short = [said for said in lines if is_short(said)]
    sys.exit(f"Not as promised: {short}" if short else 0)


if __name__ == "__main__":
    main()

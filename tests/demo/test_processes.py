"""What `make demo` starts: it stays up, says so when something falls, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from sqlalchemy.orm import Session

from portal.demo.build_progress import BuildProgress
from portal.demo.instance_lock import InstanceInUse, lock_instance, reset_instance
from portal.demo.processes import Child, free_port, is_free
from portal.demo.simulation import Action, Simulation
from portal.demo.stack import DemoFailed, Stack, SupervisedProcess, programs
from tenants.clock import utc_now
from tests.waiting import PATIENCE, eventually

STUBBORN = "trap '' TERM; sleep 60 & echo $! ; wait; sleep 60"


def child(tmp_path: Path, script: str) -> Child:
    one = Child("worker-mail", ["sh", "-c", script], tmp_path / "log")
    one.start()
    return one


def demo(instance: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "portal.demo.run", "--instance", str(instance), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)


def test_stopping_ends_even_what_a_deaf_child_has_started(tmp_path: Path) -> None:
    deaf = child(tmp_path, STUBBORN)
    grandchild = psutil.Process(int(eventually(lambda: deaf.log_tail().strip())))

    deaf.stop(patience=0.1)

    psutil.wait_procs([grandchild], timeout=PATIENCE)
    assert deaf.exit_code == -signal.SIGKILL
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_a_fallen_child_is_started_again_later_and_later(tmp_path: Path) -> None:
    watched, now, news = SupervisedProcess(child(tmp_path, "exit 3")), 0.0, []
    for _ in range(3):
        assert watched.child.process
        watched.child.process.wait()
        news.append(watched.check(now))
        assert watched.due
        assert watched.check(watched.due - 0.01) == ""
        now = watched.due
        watched.check(now)
    watched.child.stop()

    fell = "worker-mail stopped (exit code 3), next start in"
    see = f"See {tmp_path / 'log'}"
    assert news == [f"{fell} 0.5 s. {see}", f"{fell} 1 s. {see}", f"{fell} 2 s. {see}"]


def test_a_child_killed_from_outside_is_named_by_its_signal(tmp_path: Path) -> None:
    watched = SupervisedProcess(child(tmp_path, "exec sleep 60"))
    os.kill(watched.child.pid, signal.SIGKILL)
    assert watched.child.process
    watched.child.process.wait()
    assert watched.check(0).startswith("worker-mail stopped (SIGKILL)")


def test_a_program_that_cannot_start_is_shown_with_its_last_words(tmp_path: Path) -> None:
    stack = Stack()
    stack.add(child(tmp_path, "echo no such table; exit 1"))
    with pytest.raises(DemoFailed, match="no such table"):
        stack.wait_for(f"http://127.0.0.1:{free_port()}/readyz")


def test_there_is_one_worker_for_every_queue_two_web_processes_and_a_ticker() -> None:
    started = programs(8000)
    assert set(started) == {
        "web",
        "worker-sign_in",
        "worker-mail",
        "worker-messages",
        "worker-imports",
        "worker-exports",
        "worker-campaigns",
        "ticker",
    }


def test_a_second_demo_of_the_same_folder_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    with lock_instance(tmp_path) as running:
        running.write("http://localhost:8123 (process 7). Stop it with Ctrl-C there.")
        running.flush()
        second = demo(tmp_path, "--port", str(free_port()))
    assert second.returncode == 1
    assert second.stderr.startswith(
        "A demo is already running in this folder: http://localhost:8123 (process 7)."
    )


def test_a_taken_port_is_named_with_the_way_on(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port()))
        other.listen()
        port = other.getsockname()[1]
        assert not is_free(port)
        said = demo(tmp_path, "--port", str(port))
    assert said.stderr.strip() == f"Port {port} is taken. Choose another: PORT={port + 1} make demo"


def test_other_data_than_the_demo_was_built_from_need_a_reset(tmp_path: Path) -> None:
    (tmp_path / "built-from").write_text("the generated sample")
    said = demo(tmp_path, "--port", str(free_port()), "--data", str(tmp_path))
    assert "was built from the generated sample. `make demo-reset` first" in said.stderr


def test_a_reset_forgets_all_but_a_running_demo(tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    with lock_instance(tmp_path), pytest.raises(InstanceInUse):
        reset_instance(tmp_path)
    assert (tmp_path / "pg").exists()

    reset_instance(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["running"]


LATE = """
import http.server, sys
class Web(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Web.asked += 1
        ready = Web.asked > 12
        self.send_response(200 if ready else 503)
        self.end_headers()
        self.wfile.write(b"" if ready else b'{"database": "away"}')
    def log_message(self, *words): pass
time = __import__("time"); time.sleep(1.5)
print("recovering", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Web).serve_forever()
"""


def web(tmp_path: Path, code: str, port: int) -> Stack:
    stack = Stack()
    stack.start({"web": [sys.executable, "-c", code, str(port)]}, dict(os.environ), tmp_path)
    return stack


def test_what_is_ready_late_is_waited_for_and_named_all_the_while(tmp_path: Path) -> None:
    port, said = free_port(), list[str]()
    stack = web(tmp_path, LATE, port)
    stack.wait_for(f"http://127.0.0.1:{port}/readyz", said.append, every=0.2)
    stack.stop()
    assert said[0].startswith(f"Waiting for web to answer at http://127.0.0.1:{port}/readyz (")
    assert 'to be ready, which says {"database": "away"}' in said[-1]
    assert all("All processes live" in words for words in said)


def test_what_dies_while_it_is_waited_for_ends_the_wait_with_its_last_words(tmp_path: Path) -> None:
    stack = web(tmp_path, "import time; time.sleep(1); raise SystemExit('no room on the disk')", free_port())
    with pytest.raises(DemoFailed, match=r"(?s)web stopped \(exit code 1\).*no room on the disk"):
        stack.wait_for("http://127.0.0.1:1/readyz")


def test_other_data_than_an_interrupted_start_began_with_need_a_reset(tmp_path: Path) -> None:
    BuildProgress("", 30).write(tmp_path / "first-start")
    for other in (["--data", str(tmp_path)], ["--days", "31"]):
        said = demo(tmp_path, "--port", str(free_port()), *other)
        assert (
            "interrupted; it was built from the generated sample, with 30 days of history, and is kept"
            in said.stderr
        )
    assert BuildProgress.read(tmp_path / "first-start") == BuildProgress("", 30)


class ByHand(Simulation):
    def perform(self, act: Action) -> None:
        act(Session())


def test_a_history_goes_on_after_what_was_told() -> None:
    story, noon, told = ByHand(uuid4(), seed=1, work=lambda: None), utc_now(), list[int]()

    def tell(hour: int, _: object) -> None:
        told.append(hour)

    for hour in (3, 1, 2):
        story.at(noon + timedelta(hours=hour), partial(tell, hour))
    story.skip_until(noon + timedelta(hours=1))
    kept = list[datetime]()
    story.run(noon + timedelta(hours=3), lambda _: None, kept.append)
    assert (told, kept) == ([2, 3], [noon + timedelta(hours=2), noon + timedelta(hours=3)])

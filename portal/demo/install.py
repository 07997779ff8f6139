"""Make .venv hold what a hashed requirements file names. Runs on a bare Python, before all else."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
# The files name every package with its hash, so there is nothing to resolve; all cores compile afterwards.
PIP_OPTIONS = ["--require-hashes", "--no-deps", "--no-compile", "--no-input", "--disable-pip-version-check"]
PIP = [str(VENV / "bin/python"), "-m", "pip", "install", *PIP_OPTIONS, "-r"]


def main(name: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  (an older Python is told so, in words)
        sys.exit(
            f"Goodword needs Python 3.11 or newer, this is {sys.version.split()[0]}: name one by PYTHON="
        )
    requirements = ROOT / name
    stamp = VENV / f".has-{requirements.stem}"
    current = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != current:
        make_venv()
        install(requirements)
        stamp.write_text(current)


def make_venv() -> None:
    if not (VENV / "bin/pip").exists():
        print("Making .venv.", flush=True)
        if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]):
            sys.exit("Python could not make .venv. On Debian and Ubuntu: apt install python3-venv")


def install(requirements: Path) -> None:
    total = requirements.read_text().count("==")
    print(f"Installing {total} Python packages (once).", flush=True)
    log = VENV / "install.log"
    with log.open("w") as written:
        pip = subprocess.Popen(
            [*PIP, str(requirements)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        count = 0
        for line in pip.stdout or ():
            written.write(line)
            count += line.startswith("Collecting ")
            show_progress(f"  {count} of {total} packages" if count < total else "  unpacking")
    show_progress("")
    if pip.wait():
        sys.exit(f"pip could not install {requirements.name}; its words:\n{log.read_text()[-3000:]}")
    subprocess.call([str(VENV / "bin/python"), "-m", "compileall", "-q", "-j", "0", *compiled()])


def compiled() -> list[str]:
    return [str(VENV / "lib"), *(str(ROOT / name) for name in ("tenants", "portal", "jobs"))]


def show_progress(words: str) -> None:
    if sys.stdout.isatty():
        print(f"\r{words:<40}", end="\r", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

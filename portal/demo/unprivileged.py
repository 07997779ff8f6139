"""PostgreSQL refuses to run as root. When we are root, it runs as `nobody` and keeps one power of root:
to walk through folders that are closed to others, because a project under /root is closed to `nobody`."""

import ctypes
import os
import pwd
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 47, 2
CAP_DAC_OVERRIDE = 1
LINUX_CAPABILITY_VERSION_3 = 0x20080522
libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Words(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable"))


def am_root() -> bool:
    return os.geteuid() == 0


def hand_over(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if am_root():
        somebody = _somebody()
        os.chown(folder, somebody.pw_uid, somebody.pw_gid)


def become_nobody() -> Callable[[], None] | None:
    """Return what a child runs to give up root, or None when there is nothing to give up."""
    if not am_root():
        return None
    somebody = _somebody()

    def drop() -> None:
        if libc is not None:
            libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setgid(somebody.pw_gid)
        os.setuid(somebody.pw_uid)
        _keep_walking_power()

    return drop


def _somebody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _keep_walking_power() -> None:
    """Best effort: where the kernel says no, the folder has to be open to others."""
    if libc is None:
        return
    power = 1 << CAP_DAC_OVERRIDE
    words = (_Words * 2)(_Words(power, power, power), _Words(0, 0, 0))
    libc.capset(ctypes.byref(_Header(LINUX_CAPABILITY_VERSION_3, 0)), words)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)

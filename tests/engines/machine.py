"""What the engines ask of the machine: programs, packages, free ports, an unprivileged user."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def running_as_root() -> bool:
    return os.geteuid() == 0


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_program(*names: str, folders: tuple[Path, ...] = ()) -> Path | None:
    """The first of `names` found in PATH or, failing that, in `folders`."""
    for name in names:
        found = shutil.which(name)
        if found:
            return Path(found)
    for folder in folders:
        for name in names:
            if os.access(folder / name, os.X_OK):
                return folder / name
    return None


def install_with_apt(*packages: str) -> str:
    """Install system packages when that is possible here. Returns "" on success, else why it was not possible."""
    apt = shutil.which("apt-get")
    if not apt:
        return "there is no apt-get on this machine"
    if not running_as_root():
        return f"installing needs root: sudo apt-get install {' '.join(packages)}"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for arguments in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [apt, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    return "" if done.returncode == 0 else f"apt-get could not install {' '.join(packages)}: {done.stderr[-300:]}"


def unprivileged_user() -> str | None:
    """Whom to start a server as that refuses root, or None when we are not root to begin with."""
    if not running_as_root():
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def private_folder(prefix: str, *, owner: str | None) -> Path:
    """A new folder for an engine's files, reachable by `owner` even when TMPDIR is not."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp" if owner else None))  # noqa: S108  mkdtemp is private
    if owner:
        entry = pwd.getpwnam(owner)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    return folder


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Poll `ready` until it is true. Raises TimeoutError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds:g} s")
        time.sleep(0.02)


def stop_process(process: subprocess.Popen[bytes], *, seconds: float = 10) -> None:
    """End a process we started: politely, and after `seconds` for good."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""A Chromium for the browser tests: $CHROMIUM, the system's, the package manager's, or playwright's own."""

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.engines import EngineMissing, machine

# Nothing of these tests may leave the machine, and as root there is no sandbox to be had.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def find_chromium() -> Path:
    """The browser's program, installed when absent. Raises EngineMissing with what was tried."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        if not os.access(named, os.X_OK):
            raise EngineMissing(f"Chromium: $CHROMIUM is {named}, which cannot be run")
        return Path(named)
    names = ("chromium", "chromium-browser", "google-chrome")
    found = machine.find_program(*names) or _playwrights_own()
    if found is None:
        trouble = machine.install_with_apt("chromium")
        found = machine.find_program(*names)
    if found is None:
        installed = subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, text=True, check=False
        )
        found = _playwrights_own()
        if found is None:
            raise EngineMissing(f"Chromium: none in PATH; {trouble}; playwright: {installed.stderr[-300:]}")
    return found


def _playwrights_own() -> Path | None:
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.exists() else None

"""manage.py start, started for real: it serves an empty business, asks for the code, and keeps its key."""

import re
import stat
from pathlib import Path

import pytest

from tests import migrated
from tests.appointments.demo.test_demo_command import Demo, environment, free_port

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


class Start(Demo):
    """A running `manage.py start`."""

    command = ("start",)

    def environment(self) -> dict[str, str]:
        own = environment(self.folder, self.port) | {"SECRET_KEY": ""}
        return {name: value for name, value in own.items() if name not in ("DATABASE_URL", "SECRET_KEY", "DEMO")}


def test_an_empty_business_waits_for_its_owner(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    migrated.file_for(tmp_path / "reschedule.sqlite3", pytestconfig.cache.mkdir("migrated"))
    first = Start(tmp_path, free_port()).until_open()
    try:
        told = first.said()
        (code,) = CODE.findall(told)
        assert f"{first.url}/first/" in told
        assert code not in first.get("/first/")
        assert "Welcome" in first.get("/")
        assert first.count("auth_user") == first.count("appointments_location") == 0
        assert set(first.children()) == {"messenger", "web"}
    finally:
        first.stop()
    key = tmp_path / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    kept = key.read_text()

    second = Start(tmp_path, free_port()).until_open()
    try:
        assert CODE.findall(second.said()) != [code]
        assert key.read_text() == kept
        assert len(kept) >= 50
    finally:
        second.stop()
    assert not (tmp_path / "mail").exists()

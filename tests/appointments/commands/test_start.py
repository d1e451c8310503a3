"""manage.py start, started for real: it serves an empty business, asks for the code, and keeps its key."""

import json
import re
import stat
from pathlib import Path
from urllib.error import URLError

import pytest

from tests import migrated
from tests.appointments.demo.test_demo_command import Demo, environment, eventually, free_port

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


TYPED = {
    "host": "mail.example",
    "port": 587,
    "security": "starttls",
    "username": "",
    "password": "",
    "sender": "a@b.example",
}


class Start(Demo):
    """A running `manage.py start`."""

    command = ("start",)

    def environment(self) -> dict[str, str]:
        own = environment(self.folder, self.port) | {"SECRET_KEY": ""}
        return {name: value for name, value in own.items() if name not in ("DATABASE_URL", "SECRET_KEY", "DEMO")}

    def is_open(self) -> bool:
        try:
            return self.get("/healthz") == "ok"
        except URLError:
            return False


def test_an_empty_business_waits_for_its_owner(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    migrated.file_for(tmp_path / "reschedule.sqlite3", pytestconfig.cache.mkdir("migrated"))
    first = Start(tmp_path, free_port())
    first.until_open()
    try:
        told = first.said()
        (code,) = CODE.findall(told)
        assert f"{first.url}/first/" in told
        assert code not in first.get("/first/")
        assert "Welcome" in first.get("/")
        assert first.count("auth_user") == first.count("appointments_location") == 0
        before = first.children()
        assert set(before) == {"messenger", "web"}
        (tmp_path / "mail.json").write_text(json.dumps(TYPED))
        eventually(lambda: set(first.children().values()).isdisjoint(before.values()), what="children that read it")
        eventually(first.is_open, what="open again")
    finally:
        first.stop()
    key = tmp_path / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    kept = key.read_text()

    second = Start(tmp_path, free_port())
    second.until_open()
    try:
        assert CODE.findall(second.said()) != [code]
        assert key.read_text() == kept
        assert len(kept) >= 50
    finally:
        second.stop()
    assert not (tmp_path / "mail").exists()
    assert "is started again" not in first.said()

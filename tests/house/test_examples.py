"""What docs/examples and gunicorn.conf.py say is so: commands, ports, headers, settings; and no key in a log."""

import re
import runpy
import shlex

import pytest
from celery.bin.celery import celery
from django.conf import settings
from gunicorn.config import KNOWN_SETTINGS

from reschedule.logs import without_keys
from tests.house.source import ROOT
from tests.house.test_environment import _read_by_settings

EXAMPLES = ROOT / "docs" / "examples"
NGINX = (EXAMPLES / "nginx.conf").read_text()
UNITS = {path.stem.removeprefix("reschedule-"): path.read_text() for path in EXAMPLES.glob("*.service")}
KEY = "aB3-_xYz" * 5 + "Q9w"


def values(text: str, name: str) -> list[str]:
    """What `name` is set to, each time, in a unit or in nginx's configuration."""
    return [found.strip() for found in re.findall(rf"^\s*{name}[ =]([^;\n]*)", text, re.MULTILINE)]


def test_there_is_a_unit_for_each_program() -> None:
    assert set(UNITS) == {"web", "worker", "beat"}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_unit_starts_again_and_may_do_little(name: str) -> None:
    unit = UNITS[name]
    assert values(unit, "Restart") == ["always"]
    assert values(unit, "User") == ["reschedule"]
    assert values(unit, "NoNewPrivileges") == values(unit, "PrivateTmp") == ["yes"]
    assert values(unit, "ProtectSystem") == ["strict"]
    (environment,) = values(unit, "Environment")
    assert {part.partition("=")[0] for part in shlex.split(environment)} <= _read_by_settings()


def test_the_units_start_what_exists() -> None:
    web, worker, beat = (shlex.split(values(UNITS[name], "ExecStart")[0]) for name in ("web", "worker", "beat"))
    assert (web[0], web[1]) == ("/srv/reschedule/.venv/bin/gunicorn", "reschedule.wsgi")
    for command, order in ((worker, "worker"), (beat, "beat")):
        assert command[:4] == ["/srv/reschedule/.venv/bin/celery", "-A", "reschedule", order]
        known = {option for parameter in celery.commands[order].params for option in parameter.opts}
        assert {word for word in command[4:] if word.startswith("--")} <= known


def test_the_proxy_speaks_to_where_the_web_server_listens() -> None:
    (command,) = values(UNITS["web"], "ExecStart")
    assert re.findall(r"^ +server ([^;{]+);", NGINX, re.MULTILINE) == [shlex.split(command)[-1]]


def test_the_proxy_overwrites_what_a_client_says_about_itself() -> None:
    told = re.findall(r"proxy_set_header (\S+) (\S+);", NGINX)
    assert {value for name, value in told if name == "X-Forwarded-For"} == {"$remote_addr"}
    assert {value for name, value in told if name == "X-Forwarded-Proto"} == {"$scheme"}
    assert NGINX.count("X-Forwarded-For") == NGINX.count("X-Forwarded-Proto") == NGINX.count("proxy_pass")
    assert "proxy_add_x_forwarded_for" not in NGINX
    for name in re.findall(r"\b([A-Z]+_[A-Z]+)=", NGINX):
        assert name in _read_by_settings()


@pytest.mark.parametrize("variable", ["request_uri", "http_referer"])
def test_the_proxys_log_names_no_key(variable: str) -> None:
    (pattern,) = re.findall(rf'map \${variable} .*?"~\*(.*?)"\s', NGINX, re.DOTALL)
    python = re.compile(pattern.replace("(?<", "(?P<"), re.IGNORECASE)
    for address in (
        f"/r/{KEY}/",
        f"/f/{KEY}/words/?lang=id",
        f"/r/{KEY}",
        f"https://appointments.example.com/r/{KEY}/?a=b",
        f"/accounts/sign-in/?next=/r/{KEY}/",
        f"/go?to=https%3A%2F%2Fx%2Fr%2F{KEY}&a=b",
        "/r/%61" + KEY[1:],
    ):
        found = python.match(address)
        assert found
        assert found["before"] + "•••" + found["after"] == without_keys(address)
    assert not python.match("/rounds/12/undo/?page=2")
    assert set(re.findall(r"access_log \S+ ?(\w*);", NGINX)) == {"without_keys"}
    (shape,) = re.findall(r"log_format without_keys(.*?);", NGINX, re.DOTALL)
    assert not {"$request", "$request_uri", "$uri", "$args", "$http_referer"} & set(re.findall(r"\$\w+", shape))


def test_the_proxy_takes_what_the_project_takes() -> None:
    (largest,) = values(NGINX, "client_max_body_size")
    assert int(largest.split("m")[0]) * 1024 * 1024 > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_gunicorn_knows_what_its_file_sets() -> None:
    found = {name for name in runpy.run_path(str(ROOT / "gunicorn.conf.py")) if not name.startswith("__")}
    assert found <= {setting.name for setting in KNOWN_SETTINGS}
    assert "worker_class" in found

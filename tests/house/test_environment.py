"""`.env.example` and `compose.yaml` speak of the settings that exist."""

import re

import yaml

from tests.house.source import ROOT

OF_COMPOSE = {"POSTGRES_PASSWORD"}


def _read_by_settings() -> set[str]:
    source = (ROOT / "reschedule" / "settings.py").read_text()
    return set(re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"", source))


def test_every_setting_is_explained_and_every_explained_setting_exists() -> None:
    explained = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(explained) == _read_by_settings() | OF_COMPOSE
    assert len(explained) == len(set(explained))


def test_compose_sets_only_settings_that_exist() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    ours = {name: service for name, service in services.items() if service.get("build")}
    assert set(ours) == {"migrate", "web", "worker", "beat"}
    for service in ours.values():
        assert set(service["environment"]) <= _read_by_settings()

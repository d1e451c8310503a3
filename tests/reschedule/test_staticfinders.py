"""Files of the npm packages: the few we use, and nothing else of that folder."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from reschedule.staticfinders import PACKAGES, PackageFinder

LISTED = sum(len(names) for _folder, names in PACKAGES.values())


def test_every_listed_file_is_installed_and_published_under_vendor() -> None:
    finder = PackageFinder()
    assert finder.check() == []
    published = {f"{storage.prefix}/{name}": storage.path(name) for name, storage in finder.list(None)}
    assert len(published) == LISTED
    assert {path: finders.find(path) for path in published} == published


@pytest.mark.parametrize(
    "path",
    [
        "vendor/chart.js/package.json",
        "vendor/chart.js/../package.json",
        "vendor/chart.js/chart.js",
        "vendor/nothing/x.js",
        "chart.js/chart.umd.js",
    ],
)
def test_nothing_else_is_published(path: str) -> None:
    assert PackageFinder().find(path) == []


def test_packages_that_are_not_installed_are_named_in_a_warning(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    finder = PackageFinder()
    assert {warning.hint for warning in finder.check()} == {"Run: npm ci"}
    assert len(finder.check()) == LISTED
    assert list(finder.list(None)) == []

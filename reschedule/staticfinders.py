"""Serves the few files we use of the npm packages, under `vendor/`, and nothing else of `node_modules`.

    {% static "vendor/chart.js/chart.umd.js" %}

htmx needs no entry here: it comes with django-htmx.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import FileSystemStorage

# package: (folder of its built files, the files we serve). Source maps are named by the files and must exist beside
# them when `collectstatic` rewrites the references.
PACKAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "chart.js": ("dist", ("chart.umd.js", "chart.umd.js.map")),
}


class PackageStorage(FileSystemStorage):
    """The built files of one package; `prefix` is the path under which staticfiles publishes them."""

    prefix = ""


class PackageFinder(BaseFinder):
    """Finds `vendor/<package>/<file>` for the packages and files listed above."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        """`app_names` belongs to the interface of finders; packages belong to no app."""
        self.root = Path(settings.BASE_DIR) / "node_modules"
        self.storages: dict[str, PackageStorage] = {}
        for package, (folder, _files) in PACKAGES.items():
            storage = PackageStorage(location=str(self.root / package / folder))
            storage.prefix = f"vendor/{package}"
            self.storages[package] = storage

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """A warning for each listed file that is not installed: pages would lack their style or charts."""
        return [
            Warning(f"{name} of the package {package} is not installed.", hint="Run: npm ci", id="reschedule.W001")
            for package, name, path in self._listed()
            if not path.is_file()
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The absolute path of a published file, or an empty list; with `find_all` (or `all`) a list of it."""
        wanted_all = find_all or kwargs.get("all", False)
        for package, name, file in self._listed():
            if path == f"vendor/{package}/{name}" and file.is_file():
                return [str(file)] if wanted_all else str(file)
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, PackageStorage]]:
        """Each installed file, relative to its storage, for `collectstatic` and WhiteNoise."""
        for package, name, path in self._listed():
            if path.is_file():
                yield name, self.storages[package]

    def _listed(self) -> Iterator[tuple[str, str, Path]]:
        for package, (folder, names) in PACKAGES.items():
            for name in names:
                yield package, name, self.root / package / folder / name

"""The tests' settings with the plain views beside the project's own addresses."""

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.plain"

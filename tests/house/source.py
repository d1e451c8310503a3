"""What the tests of the house read: our modules and what each imports, calls and writes."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("reschedule", "appointments", "notifications")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the product by its dotted name; migrations are history and stay out."""
    return {
        _name(path): ast.parse(path.read_text())
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    }


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(name: str, tree: ast.Module) -> Iterator[str]:
    """Dotted names that the module `name` imports, `from package import name` also as `package.name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = ".".join(part for part in (_base(name, node.level), node.module) if part)
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _base(name: str, level: int) -> str:
    """Where a relative import of `level` dots in the module `name` starts; "" for an absolute one."""
    if not level:
        return ""
    is_package = ROOT.joinpath(*name.split(".")).is_dir()
    parts = name.split(".")
    return ".".join(parts[: len(parts) - level + is_package])


def calls(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """For each call: the name that is called, and every name along the chain it hangs on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, _names(node.func.value)
            elif isinstance(node.func, ast.Name):
                yield node.func.id, set()


def _names(node: ast.expr) -> set[str]:
    """The names of a chain such as `Model.objects.filter(…)`, without what is inside its calls' arguments."""
    found: set[str] = set()
    while True:
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            return found | {node.id}
        else:
            return found


def within(name: str, *roots: str) -> bool:
    """Whether a dotted name is one of `roots` or inside one."""
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def tracked_files() -> list[Path]:
    """The files of the project: those under version control, and new ones that are not ignored."""
    listed = subprocess.run(
        # Whoever owns the folder: a checkout made by somebody else is read all the same.
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]

"""The product's own code, read and not run."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.template import ROOT

SRC = ROOT / "src"


def modules() -> list[str]:
    return sorted(name_of(path) for path in (SRC / "mesonet").rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def module_path(name: str) -> Path:
    path = SRC.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(module_path(name).read_text())


def imports(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(module, names taken from it) of each import statement, wherever it stands."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ()
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            assert node.module is not None
            yield node.module, tuple(alias.name for alias in node.names)


@cache
def imported(name: str) -> frozenset[str]:
    """The modules that a module imports; of `from package import module` the module."""
    found = set()
    for module, names in imports(name):
        submodules = {f"{module}.{each}" for each in names if module_path(f"{module}.{each}").exists()}
        found |= submodules or {module}
    return frozenset(found)


def reached(name: str) -> set[str]:
    """The product's own modules that importing one brings in, itself included."""
    found: set[str] = set()
    open_ends = [name]
    while open_ends:
        module = open_ends.pop()
        if module in found or not module.startswith("mesonet") or not module_path(module).exists():
            continue
        found.add(module)
        open_ends += imported(module)
    return found


@cache
def environment_read(name: str) -> frozenset[str]:
    """The environment variables that a module reads itself."""
    found = set()
    for node in ast.walk(tree(name)):
        match node:
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id="os"), attr="environ"), slice=ast.Constant(value=str(key))
            ):
                found.add(key)
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="os"), attr="environ")),
                args=[ast.Constant(value=str(key)), *_],
            ):
                found.add(key)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="getenv"), args=[ast.Constant(value=str(key)), *_]):
                found.add(key)
            case ast.Attribute(value=ast.Name(id="os"), attr="environ"):
                continue
    return frozenset(found)

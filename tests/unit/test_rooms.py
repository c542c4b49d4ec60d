"""The rooms of solver/ and the order in which they may import each other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOLVER = ROOT / "solver"
ORDER = (
    "base", "laws", "fields", "materials", "measured", "input", "terms", "cell", "check", "schemes",
    "equations", "stepping", "output", "pictures", "pages", "run", "sweep", "api", "verbs",
)  # fmt: skip
"""A room may import those that stand before it, at any place of a file and for types too."""
FACE = {"__init__.py", "__main__.py"}
FILES = sorted(SOLVER.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Modules of solver/ that a file imports, as dotted names without `solver.`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (n.removeprefix("solver.") for n in names if n.startswith("solver."))


def test_every_module_is_in_a_room():
    assert {p.name for p in SOLVER.glob("*.py")} == FACE
    assert {p.parent.name for p in SOLVER.glob("*/__init__.py")} == set(ORDER)


@pytest.mark.parametrize("room", ORDER)
def test_a_room_imports_only_what_stands_before_it(room):
    allowed = {*ORDER[: ORDER.index(room) + 1], "__version__"}
    wrong = [
        f"{path.relative_to(SOLVER)} imports {name}"
        for path in FILES
        if path.relative_to(SOLVER).parts[0] == room
        for name in imported(path)
        if name.split(".")[0] not in allowed
    ]
    assert not wrong


def test_no_two_modules_import_each_other():
    names = {".".join(p.relative_to(SOLVER).with_suffix("").parts): p for p in FILES}
    arrows = {}
    for name, path in names.items():
        found = set(imported(path))
        arrows[name] = {n for n in names if any(f"{m}.".startswith(f"{n}.") for m in found)}
        arrows[name].discard(name)
    while leaves := [name for name, to in arrows.items() if not to]:
        arrows = {n: to - set(leaves) for n, to in arrows.items() if n not in leaves}
    assert not arrows, f"in a circle: {sorted(arrows)}"


def words(path: Path) -> Iterator[str]:
    """Names and whole strings in the code of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_few_know_the_potential():
    """Beside its own modules those whose equations have it in them; ions have one of their own."""
    knowing = {str(path.relative_to(SOLVER)) for path in FILES if "phi" in words(path)}
    own = {f"{room}/potential.py" for room in ("fields", "equations", "terms")}
    own |= {"laws/electrode.py", "laws/salt.py", "terms/salt.py"}
    own |= {f"equations/{name}.py" for name in ("binary_potential", "binary_front", "salt")}
    ions = ("ion_potential", "ion_update", "ion_front", "counter_electrode", "electrons")
    own |= {f"equations/{name}.py" for name in ions}
    apart = {name for name in knowing if "/ions_" in name}
    expected = {"equations/concentration.py", "equations/kinetics.py", "terms/transport.py"}
    assert knowing - own - apart == expected


def test_physics_knows_no_config_and_input_no_dolfinx():
    for path in FILES:
        room = path.relative_to(SOLVER).parts[0]
        text = path.read_text(encoding="utf-8")
        if room in ("laws", "terms"):
            assert not any(name.startswith("input") for name in imported(path)), path
        if room in ("input", "check", "fields", "laws", "materials"):
            assert "import dolfinx" not in text and "from dolfinx" not in text, path
            assert not any(name.startswith("terms") for name in imported(path)), path


def test_h5py_comes_before_what_may_hide_its_library():
    """Of DOLFINx's wheels beside numba: findings/numba_shows_hdf5.sh."""
    knowing = [p for p in FILES if any("fem.petsc" in name for name in _outside(p))]
    assert [p.relative_to(SOLVER) for p in knowing] == [Path("base/fem_petsc.py")]
    first = _imports_first(knowing[0], "h5py")
    assert first < _imports_first(knowing[0], "dolfinx")


def _outside(path: Path) -> list[str]:
    """Modules of other libraries that are imported anywhere in a file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{a.name}" for a in node.names]
        found += [name for name in names if name.startswith("dolfinx")]
    return found


def _imports_first(path: Path, name: str) -> int | None:
    """Line of the first import of a library's module or package at the top of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(f"{n}.".startswith(f"{name}.") for n in names):
            return node.lineno
    return None


def test_mpi4py_comes_before_petsc_and_dolfinx():
    """Those from PyPI cannot be imported before MPI has been loaded."""
    late = []
    tops = [ROOT / top for top in ("solver", "tests", "benchmarks")]
    for path in [path for top in tops for path in top.rglob("*.py")]:
        needs = [_imports_first(path, name) for name in ("petsc4py", "dolfinx")]
        before = (path.parent / "__init__.py", path.parent / "conftest.py")
        if not any(needs) or any(p.exists() and _imports_first(p, "mpi4py") for p in before):
            continue
        first = _imports_first(path, "mpi4py")
        if first is None or first > min(line for line in needs if line):
            late.append(str(path.relative_to(ROOT)))
    assert not late

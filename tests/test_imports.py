"""What the import contracts of pyproject.toml do not see."""

import ast
import tomllib
from pathlib import Path

from tests.test_architecture import ORDER, OURS, ROOT, sources

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
# Where an import stands inside a function, and why.
LATE = {
    "elearning/demo/__main__.py": "Django is set up first",
    "operations/pdf.py": "xhtml2pdf is slow to load, and only for printing",
    "certificates/pdf/document.py": "pyHanko is slow to load, and only for signing",
    "certificates/pdf/verify.py": "pyHanko is slow to load, and only for judging files",
}


def test_imports_stand_at_the_top_of_their_module() -> None:
    """`ready` of apps.py imports what registers itself: no model may be imported before."""
    wrong = []
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and not (path.name == "apps.py" and node.name == "ready"):
                inside = [each for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom)]
                wrong += [f"{name}:{each.lineno}" for each in inside if name not in LATE]
    assert wrong == []


def test_every_folder_of_modules_is_a_package() -> None:
    """A folder without __init__.py is left out of the contracts."""
    folders = {path.parent for path in sources()}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_app_stands_in_both_contracts() -> None:
    direction, layers, circles = CONTRACTS
    assert direction["layers"] == ORDER[::-1]
    assert set(layers["containers"]) == set(OURS) - {"elearning"}
    assert set(circles["ancestors"]) == set(ORDER)


def test_every_module_that_has_a_layer_is_there() -> None:
    named = {name.strip(" \n()") for layer in CONTRACTS[1]["layers"] for name in layer.split(":")}
    there = {path.stem for app in CONTRACTS[1]["containers"] for path in _children(ROOT / app)}
    assert sorted(named - there) == []


def _children(app: Path) -> list[Path]:
    return [path for path in app.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]

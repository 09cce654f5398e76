"""What allauth does not promise is imported in one place, and read against one version."""

import ast
from importlib.metadata import version

from people import allauth_internals
from tests.test_architecture import ROOT, sources

PLACE = "people/allauth_internals.py"


def test_installed_version_is_the_one_whose_internals_were_read() -> None:
    installed = version("django-allauth")
    assert installed == allauth_internals.READ_AGAINST, (
        f"allauth {installed} is installed. Read what the table in {PLACE} names in it again: these names are"
        f" not part of its public API and may mean something else now. Then set READ_AGAINST."
    )


def test_internals_are_imported_in_one_place() -> None:
    wrong = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            )
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            whole = [f"{module}.{name}" if module else name for name in names]
            parts = [name.split(".") for name in whole if name.startswith("allauth.")]
            if any("internal" in part or part[-1].startswith("_") for part in parts):
                wrong.append(path.relative_to(ROOT).as_posix())
    assert set(wrong) == {PLACE}

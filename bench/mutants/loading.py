"""A plugin for pytest that imports one module with a fault: MUTANT=clearance/evidence.py:17, and
`pytest -p bench.mutants.loading`. The file itself stays as it is.
"""

import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

from bench.template import ROOT

from .faults import mutated


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, number: int) -> None:
        super().__init__(name, path)
        self.number = number

    def get_code(self, fullname: str) -> CodeType:
        tree: Any = mutated(self.get_source(fullname) or "", self.number)
        code: CodeType = compile(tree, self.path, "exec", dont_inherit=True)
        return code


class _Finder(MetaPathFinder):
    def __init__(self, mutant: str) -> None:
        file, _, self.number = mutant.partition(":")
        self.path = ROOT / file
        self.name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        loader = _Loader(fullname, str(self.path), int(self.number))
        package = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=loader, submodule_search_locations=package
        )


if "MUTANT" in os.environ:
    sys.meta_path.insert(0, _Finder(os.environ["MUTANT"]))

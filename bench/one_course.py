"""The shipped curriculum with the course of labour inspectors alone: whole, and quick to load."""

import shutil
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "curriculum" / "data"

COURSE, ROLE = "C1-LAB", "LAB"


def copy_inspectors_alone(folder: Path) -> Path:
    """Copy the files of the curriculum to a new folder and return it: the standards whole, of the rest what belongs
    to the course.
    """
    shutil.copytree(DATA, folder)
    families = _keep(folder / "assessments/families.yaml", "families", lambda each: each.get("role") == ROLE)
    _keep(folder / "assessments/blueprints.yaml", "blueprints", lambda each: each["code"].startswith(COURSE))
    _keep(folder / "certificates/qualifications.yaml", "qualifications", lambda each: each["code"] == COURSE)
    codes = {each["code"].lower() for each in families}
    for path in (folder / "assessments/scenarios").glob("*.yaml"):
        if path.stem.partition("-")[0] not in codes:
            path.unlink()
    for path in (folder / "courses").glob("*.yaml"):
        if path.stem != COURSE.lower():
            path.unlink()
    return folder


def _keep(path: Path, name: str, wanted: Any) -> list[dict[str, Any]]:
    """Leave the entries of a file that are wanted; return them."""
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    data[name] = [each for each in data[name] if wanted(each)]
    path.write_text(yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
    return list(data[name])

"""A folder of curriculum files, read and checked file by file: everything or nothing."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from assessments.content import Draft

from . import schema
from .files import Broken, Document, FileProblem, Steps, read

SEVERAL_KINDS = {"pages", "exhibits", "questions"}  # lists
OF_A_KIND = {"check", "exhibit"}
DATA = Path(__file__).resolve().parent / "data"

FILES: dict[str, type[schema.DataFile]] = {
    "standards/legal-sources.yaml": schema.LegalSourcesFile,
    "standards/indicators.yaml": schema.IndicatorsFile,
    "standards/competences.yaml": schema.CompetencesFile,
    "standards/critical-errors.yaml": schema.CriticalErrorsFile,
    "standards/glossary.yaml": schema.GlossaryFile,
    "standards/figures.yaml": schema.FiguresFile,
    "people/roles.yaml": schema.RolesFile,
    "people/agencies.yaml": schema.AgenciesFile,
    "assessments/families.yaml": schema.FamiliesFile,
    "assessments/blueprints.yaml": schema.BlueprintsFile,
    "certificates/qualifications.yaml": schema.QualificationsFile,
    "clearance/functions.yaml": schema.FunctionsFile,
    "review.yaml": schema.ReviewFile,
}
FOLDERS: dict[str, type[schema.DataFile]] = {
    "assessments/scenarios": schema.ScenarioFile,
    "courses": schema.CourseFile,
}


@dataclass(repr=False)  # a test that fails would print megabytes
class Curriculum:
    """All files of a folder, in order, and where each entry stands."""

    legal_sources: list[schema.LegalSourceEntry] = field(default_factory=list)
    indicator_sets: list[schema.IndicatorSetEntry] = field(default_factory=list)
    competences: list[schema.CompetenceEntry] = field(default_factory=list)
    critical_errors: list[schema.CriticalErrorEntry] = field(default_factory=list)
    terms: list[schema.TermEntry] = field(default_factory=list)
    figures: list[schema.FigureEntry] = field(default_factory=list)
    roles: list[schema.RoleEntry] = field(default_factory=list)
    agencies: list[schema.AgencyEntry] = field(default_factory=list)
    families: list[schema.FamilyEntry] = field(default_factory=list)
    blueprints: list[schema.BlueprintEntry] = field(default_factory=list)
    scenarios: list[Draft] = field(default_factory=list)
    courses: list[schema.CourseEntry] = field(default_factory=list)
    qualifications: list[schema.QualificationEntry] = field(default_factory=list)
    functions: list[schema.FunctionEntry] = field(default_factory=list)
    confirmations: list[schema.ConfirmationEntry] = field(default_factory=list)
    entries: list[tuple[BaseModel, schema.Place]] = field(default_factory=list)
    places: dict[int, schema.Place] = field(default_factory=dict)

    def add(self, file: schema.DataFile, document: Document) -> None:
        for name in type(file).model_fields:
            if name != "format":
                value = getattr(file, name)
                entries = value if isinstance(value, list) else [value]
                getattr(self, name if isinstance(value, list) else f"{name}s").extend(entries)
        found = list(schema.walk(file, document))
        self.entries += found
        self.places |= {id(entry): place for entry, place in found}

    def problem(self, entry: BaseModel, message: str, *field: str | int) -> FileProblem:
        """Return a problem with a field of an entry of these files."""
        return self.places[id(entry)].problem(message, *field)

    def written(self, entry: BaseModel) -> Any:
        """The plain values of an entry, as its file has them."""
        place = self.places[id(entry)]
        value = place.document.data
        for step in place.steps:
            value = value[step]
        return value


def read_curriculum(folder: Path = DATA) -> Curriculum:
    """Every file of the folder. Raises Broken with every problem of every file."""
    curriculum, problems = Curriculum(), []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            curriculum.add(*read_file(path, name))
        except Broken as broken:
            problems += broken.problems
    if problems:
        raise Broken(sorted(problems))
    return curriculum


def read_file(path: Path, name: str) -> tuple[schema.DataFile, Document]:
    wanted = FILES.get(name) or FOLDERS.get(name.rpartition("/")[0])
    if wanted is None or path.suffix != ".yaml":
        expected = ", ".join([*FILES, *(f"{folder}/*.yaml" for folder in FOLDERS)])
        raise Broken([FileProblem(name, 1, "", f"unknown file; a curriculum has: {expected}")])
    document = read(path, name)
    try:
        return wanted.model_validate(document.data), document
    except ValidationError as error:
        raise Broken(_problems(document, error)) from None


def _problems(document: Document, error: ValidationError) -> list[FileProblem]:
    """Pydantic's errors in the words of an author; several about one field become one."""
    found: dict[tuple[int, str], list[str]] = {}
    for detail in error.errors(include_url=False, include_input=False):
        problem = document.problem(_untagged(detail["loc"]), _in_words(detail))
        messages = found.setdefault((problem.line, problem.field), [])
        if problem.message not in messages:
            messages.append(problem.message)
    return [
        FileProblem(document.file, line, name, " or ".join(messages))
        for (line, name), messages in found.items()
    ]


def _untagged(steps: Steps) -> Steps:
    """Pydantic puts the branch it took into the path of what is of several kinds: leave it out."""
    kept = [
        step
        for place, step in enumerate(steps)
        if not (place > 1 and steps[place - 2] in SEVERAL_KINDS and isinstance(steps[place - 1], int))
        and not (place > 0 and steps[place - 1] in OF_A_KIND)
    ]
    return tuple(kept)


def _in_words(detail: Any) -> str:
    match detail["type"]:
        case "union_tag_invalid":
            return f"kind must be one of: {detail['ctx']['expected_tags']}"
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a known key"
        case "string_type":
            return "must be text"
        case "model_type" | "model_attributes_type":
            return "must have keys of its own"
    message: str = detail["msg"]
    return (
        message.removeprefix("Value error, ")
        .replace("Input should be", "must be")
        .replace("String should", "must")
    )

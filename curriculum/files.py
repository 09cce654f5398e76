"""Reading one YAML file that nobody has to trust: plain values, and the line of each.

Of YAML we take mappings with text keys, lists, text, whole numbers, true and false, null and dates.
Aliases, anchors, tags, duplicate keys and a second document are refused, and so is a file that is
too long or too deep. `yes` and `no` are text.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

LARGEST = 2_000_000  # bytes
DEEPEST = 30
WHOLE_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

type Steps = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class FileProblem:
    """An error for the author of the file: where, in which field, and why in words."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}, {self.field}: {self.message}" if self.field else f"{where}: {self.message}"


class Broken(Exception):
    """Files that cannot be loaded, with every problem found."""

    def __init__(self, problems: list[FileProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    @classmethod
    def about(cls, kind: str, code: str, message: str) -> "Broken":
        """An action refused what a file says."""
        return cls([FileProblem(f"{kind} {code}", 0, "", message)])


@dataclass(frozen=True)
class Document:
    """The values of a file and where each stands: {("terms", 0, "az"): 7}."""

    file: str
    data: Any
    lines: dict[Steps, int]

    def problem(self, path: Steps, message: str) -> FileProblem:
        """Names the deepest known part of a path; pydantic's own steps (names of types) are left out."""
        known: Steps = ()
        for step in path:
            if (*known, step) in self.lines:
                known = (*known, step)
        missing = path[-1] if path and len(known) == len(path) - 1 else None
        named = (*known, missing) if isinstance(missing, str) else known
        return FileProblem(self.file, self.lines.get(known, 1), field_name(named), message)


def field_name(path: Steps) -> str:
    """("terms", 0, "az") → "terms[1].az": places are counted from one, as people count."""
    parts = [f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(parts).removeprefix(".")


def read(path: Path, name: str) -> Document:
    """The document in a file; `name` is what its author calls it. Raises Broken."""
    try:
        if path.stat().st_size > LARGEST:
            raise _refusal(name, 1, f"the file is larger than {LARGEST // 1_000_000} MB")
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refusal(name, 1, f"not UTF-8 text (byte {error.start + 1})") from None
    except OSError as error:
        raise _refusal(name, 1, f"cannot be read: {error.strerror}") from None
    return parse(text, name)


def parse(text: str, name: str) -> Document:
    try:
        return _Parser(text, name).document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _refusal(name, line, f"not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise _refusal(name, 1, f"not YAML: {error}") from None


def _refusal(name: str, line: int, message: str, field: str = "") -> Broken:
    return Broken([FileProblem(name, line, field, message)])


class _Parser:
    """Builds values from YAML's events, so that nothing is constructed that we do not know."""

    def __init__(self, text: str, name: str) -> None:
        self.events = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.name = name
        self.lines: dict[Steps, int] = {}

    def document(self) -> Document:
        event = next(self.events)
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            raise _refusal(self.name, 1, "the file is empty")
        data = self._value(event, ())
        next(self.events)
        if isinstance(event := next(self.events), yaml.DocumentStartEvent):
            raise self._refused(event, (), "a second document in one file")
        return Document(self.name, data, self.lines)

    def _value(self, event: Any, path: Steps) -> Any:
        self.lines[path] = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._refused(event, path, "aliases and anchors (& and *) are not allowed")
        if event.tag is not None:
            raise self._refused(event, path, f"tags are not allowed: {event.tag}")
        if len(path) > DEEPEST:
            raise self._refused(event, path, "nested too deeply")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._scalar(event, path)

    def _mapping(self, path: Steps) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(key := next(self.events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent) or key.anchor or key.tag:
                raise self._refused(key, path, "a key must be plain text")
            name = key.value
            if name in values:
                raise self._refused(key, (*path, name), f"the key “{name}” stands here twice")
            values[name] = self._value(next(self.events), (*path, name))
        return values

    def _list(self, path: Steps) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _scalar(self, event: Any, path: Steps) -> Any:
        text: str = event.value
        if event.style:  # quoted or a block: text
            return text
        if text in CONSTANTS:
            return CONSTANTS[text]
        if WHOLE_NUMBER.match(text):
            return int(text)
        if DAY.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise self._refused(event, path, f"there is no day {text}") from None
        return text

    def _refused(self, event: Any, path: Steps, message: str) -> Broken:
        return _refusal(self.name, event.start_mark.line + 1, message, field_name(path))

"""Texts of a course that people outside confirm: each with its place and sources, and which text it was."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any, get_args

from . import schema
from .content_rules.exams import course_exams, errors_met
from .content_rules.passages import NEW_LINE, TAG, TextPlace, passages_of
from .files import Steps, field_name
from .reading import Curriculum
from .schema.review import What
from .texts import figures_in, terms_in

WHATS: tuple[What, ...] = get_args(What)
KEY = (
    "right",
    "indicator",
    "indicators",
    "stands_for",
    "critical",
    "leads_to",
)  # beside a text: what it is marked by
TELLS_THE_KEY = {
    "reason",
    "story",
    "facts",
    "feedback",
    "then",
}  # steps to a text of a case that tells what is right
PARTS = (
    "options",
    "statements",
    "items",
)  # of a question: order, letters, lines and sources of theirs tell the key
FINGERPRINT, MARK = 6, 3  # bytes


@dataclass(frozen=True, kw_only=True)
class ReviewedText:
    """One text in three languages, without markup.

    `place` names it for good, `where` is file and line of now; `sources` are codes, its own or those of its section;
    `key` says how it is marked; `secret`: it tells what is right in a case. Of an open text of a case neither line nor
    sources are its own. `mark`: of a part of a question, the name that the open documents give it and the secret one too.
    """

    section: str
    place: str
    where: str
    texts: dict[str, str]
    sources: tuple[str, ...]
    key: str
    secret: bool
    mark: str = ""


@dataclass
class CourseReview:
    """All that a course, its cases and the standards that it names say, in the order of the files."""

    course: schema.CourseEntry
    statements: list[ReviewedText]
    sources: list[schema.LegalSourceEntry] = field(default_factory=list)

    def fingerprint(self, what: What) -> str:
        """Return 12 hex digits of the text that `what` confirms: a lawyer the Azerbaijani one and how old its law is."""
        language = "az" if what == "law" else what
        found = blake2b(digest_size=FINGERPRINT)
        for statement in self.statements:
            found.update(f"{statement.place}\n{statement.texts[language]}\n{statement.key}\n".encode())
        for source in self.sources if what == "law" else ():
            found.update(
                f"{source.code} {source.state_on} {source.confidence} {source.quoted_only}\n".encode()
            )
        return found.hexdigest()


def review_of(curriculum: Curriculum, course: schema.CourseEntry) -> CourseReview:
    exam = next((exam for exam in course_exams(curriculum) if exam.course is course), None)
    cases = [*exam.cases, *exam.practices] if exam else []
    files = [curriculum.places[id(entry)].document.file for entry in (course, *cases)]
    passages = passages_of(curriculum)
    own = sorted((one for one in passages if one.file in files), key=lambda one: files.index(one.file))
    named = _named(curriculum, own, errors_met(cases), exam.role if exam else None, course)
    standards = [passage for passage in passages if _entry_code(passage) in named]
    statements = [_statement(curriculum, passage) for passage in (*own, *standards)]
    codes = {code for statement in statements for code in statement.sources}
    sources = [source for source in curriculum.legal_sources if source.code in codes]
    return CourseReview(course, statements, sources)


def confirmed_on(curriculum: Curriculum, review: CourseReview, what: What) -> date | None:
    """Return the newest day on which this very text was confirmed."""
    text = review.fingerprint(what)
    return max((entry.day for entry in _of(curriculum, review, what) if entry.text == text), default=None)


def told_of(curriculum: Curriculum, review: CourseReview, what: What) -> str:
    """Return for an author whether the text of now is confirmed, or an earlier one."""
    if day := confirmed_on(curriculum, review, what):
        return f"{what} {day}"
    earlier = [entry.day for entry in _of(curriculum, review, what)]
    return f"{what} changed since {max(earlier)}" if earlier else f"{what} –"


def _of(curriculum: Curriculum, review: CourseReview, what: What) -> Iterator[schema.ConfirmationEntry]:
    for entry in curriculum.confirmations:
        if (entry.course, entry.what) == (review.course.code, what):
            yield entry


# --- the standards that a course names ----------------------------------------------------------------


def _named(
    curriculum: Curriculum,
    own: Iterable[TextPlace],
    errors: Iterable[str],
    role: str | None,
    course: schema.CourseEntry,
) -> set[tuple[str, str]]:
    """Return (kind, code) of standards that the course shows, asks or marks by."""
    named = {("critical_errors", code) for code in errors}
    named |= {("critical_errors", code) for lesson in course.lessons for code in lesson.critical_errors}
    named |= {("competences", entry.code) for entry in curriculum.competences if entry.role == role}
    known = {one.code for group in curriculum.indicator_sets for one in group.indicators}
    files = {passage.file: passage.place.document for passage in own}
    for document in files.values():
        named |= {("indicators", code) for code in _texts_below(document.data) if code in known}
    for passage in own:
        for text in passage.written.values():
            named |= {("terms", number) for number in terms_in(text)}
            named |= {("figures", code) for code in figures_in(text)}
    return named


def _texts_below(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _texts_below(below)


def _entry_code(passage: TextPlace) -> tuple[str, str]:
    """Return list and code of the entry of a standards file that the text is of; empty for any other text."""
    if not passage.file.startswith("standards/"):
        return "", ""
    steps = passage.place.steps
    depth = 4 if steps[:1] == ("indicator_sets",) and len(steps) > 4 else 2
    entry = _at(passage, depth)
    return str(steps[depth - 2]), str(entry.get("code", entry.get("number", "")))


# --- one statement ------------------------------------------------------------------------------------


def _statement(curriculum: Curriculum, passage: TextPlace) -> ReviewedText:
    steps = passage.place.steps
    name, below = _name(passage)
    beside = _at(passage, len(steps) - 1)
    of_case = steps[:1] == ("scenario",)
    secret = of_case and bool(TELLS_THE_KEY.intersection(steps)) or steps[:1] == ("critical_errors",)
    veiled = of_case and not secret
    mark = _mark(passage) if of_case else ""
    where = str(passage.problem("")).partition(", " + field_name(steps))[0]
    return ReviewedText(
        section=_section(passage, name),
        place=f"{name} {field_name(steps[below:])}".strip(),
        where=passage.file if veiled else ", ".join(filter(None, (where, mark))),
        texts={
            language: TAG.sub("", NEW_LINE.sub("\n", text)).strip()
            for language, text in passage.written.items()
        },
        sources=tuple(_list(_at(passage, 1)["sources"])) if veiled else _sources(curriculum, passage, beside),
        key=_key(beside, steps) if not of_case or "reason" in steps else "",
        secret=secret,
        mark=mark,
    )


def _mark(passage: TextPlace) -> str:
    """Return question and a name, made of what is secret, of its part that the text is of; empty for any other text."""
    steps = passage.place.steps
    depth = next((steps.index(name) for name in PARTS if name in steps), None)
    if depth is None:
        return ""
    told = {name: value for name, value in _at(passage, depth + 2).items() if name != "text"}
    name = blake2b(repr(sorted(told.items())).encode(), digest_size=MARK).hexdigest()
    return f"{_at(passage, depth)['code']} ~{name}"


def _at(passage: TextPlace, depth: int) -> dict[str, Any]:
    value = passage.place.document.data
    for step in passage.place.steps[:depth]:
        value = value[step]
    return value if isinstance(value, dict) else {}


def _section(passage: TextPlace, name: str) -> str:
    """Return under which heading the text is read: a lesson, a stage of a case, a list of standards."""
    steps = passage.place.steps
    if steps[:1] == ("scenario",):
        stage = [str(_at(passage, 3)["code"])] if "stages" in steps else []
        return " ".join([str(_at(passage, 1)["code"]), *stage])
    return name if steps[:1] == ("course",) else str(steps[0])


def _name(passage: TextPlace) -> tuple[str, int]:
    """Return the name of what the text is a part of, and how many steps lead there."""
    steps = passage.place.steps
    if steps[:1] == ("scenario",):
        depths = [depth for depth in range(1, len(steps)) if "code" in _at(passage, depth)]
        return "/".join(str(_at(passage, depth)["code"]) for depth in dict.fromkeys((1, depths[-1]))), depths[
            -1
        ]
    if steps[:1] == ("course",):
        if "pages" in steps:
            depth = steps.index("pages") + 2
            page = _at(passage, depth)
            slugs = (_at(passage, 1)["slug"], _at(passage, 3)["slug"])
            return "/".join((*slugs, page.get("lesson") or page["assessment"])), depth
        return str(_at(passage, 1)["slug"]), 1
    return _entry_code(passage)[1], 4 if steps[:1] == ("indicator_sets",) and len(steps) > 4 else 2


def _key(beside: dict[str, Any], steps: Steps) -> str:
    told = {name: beside[name] for name in KEY if beside.get(name) not in (None, "")}
    if "items" in steps:  # the right order is that of the file
        told = {"right": f"{int(steps[steps.index('items') + 1]) + 1}.", **told}
    return " · ".join(f"{name}: {_written(value)}" for name, value in told.items())


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _sources(curriculum: Curriculum, passage: TextPlace, beside: dict[str, Any]) -> tuple[str, ...]:
    """Return what the text itself rests on, else what its lesson, case or entry does."""
    own = [code for name in ("source", "sources") for code in _list(beside.get(name))]
    if indicator := beside.get("indicator"):
        own += [group.source for group in curriculum.indicator_sets if _holds(group, indicator)]
    if critical := beside.get("critical"):
        own += [error.source for error in curriculum.critical_errors if error.code == critical]
    for depth in range(len(passage.place.steps) - 1, 0, -1):
        if own:
            break
        above = _at(passage, depth)
        own = [code for name in ("source", "sources") for code in _list(above.get(name))]
    return tuple(dict.fromkeys(own))


def _list(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _holds(group: schema.IndicatorSetEntry, code: str) -> bool:
    return any(indicator.code == code for indicator in group.indicators)

"""Every text: one script a word, only the markup its place allows, only figures that exist, no longer
than its column."""

from collections.abc import Iterator

from assessments.content_parts import TranslatedText
from locales.languages import LANGUAGES

from . import schema
from .files import FileProblem
from .reading import Curriculum
from .texts import figures_in, markup_problem, mixed_word, terms_in

LONGEST = {
    "LegalSourceEntry": {"instrument": 240, "article": 60, "state_note": 240},
    "IndicatorSetEntry": {"code": 20, "name": 200},
    "IndicatorEntry": {"code": 20, "text": 300, "not_enough": 300},
    "CompetenceEntry": {"code": 20, "role": 8, "text": 300, "basis": 200},
    "CriticalErrorEntry": {"title": 200, "rule": 300},
    "TermEntry": {"az": 160, "en": 160, "ru": 160, "meaning": 300},
    "FigureEntry": {"code": 40, "name": 160, "unit": 40},
    "AgencyEntry": {"code": 40, "name": 160},
    "RoleEntry": {"code": 8, "name": 120},
    "FamilyEntry": {"code": 20, "title": 200},
    "BlueprintEntry": {"title": 200},
    "Draft": {"code": 20, "title": 200},
    "CourseEntry": {"code": 20, "heading": 200, "audience": 200},
    "ModuleEntry": {"heading": 200},
    "LessonEntry": {"heading": 200},
    "AssessmentEntry": {"heading": 200},
    "QualificationEntry": {"code": 20, "name": 200},
    "FunctionEntry": {"code": 20, "name": 200, "who": 240},
}
type Translated = schema.TextEntry | schema.TermEntry | TranslatedText


def text_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    figures = {figure.code for figure in curriculum.figures}
    explained = {str(term.number) for term in curriculum.terms if term.meaning}
    for entry, place in curriculum.entries:
        if isinstance(entry, schema.TextEntry | schema.TermEntry | TranslatedText):
            for language, text in _by_language(entry):
                if message := _problem(text, place, figures, explained):
                    yield place.problem(message, language)
        for name, longest in LONGEST.get(type(entry).__name__, {}).items():
            value = getattr(entry, name)
            texts = [(name, value)] if isinstance(value, str) else _by_language(value) if value else []
            for language, text in texts:
                if len(text) > longest:
                    field = (name,) if language == name else (name, language)
                    yield place.problem(f"longer than {longest} characters ({len(text)})", *field)


def _by_language(entry: Translated) -> list[tuple[str, str]]:
    return [(language, getattr(entry, language)) for language in LANGUAGES]


def _problem(text: str, place: schema.Place, figures: set[str], explained: set[str]) -> str | None:
    if word := mixed_word(text):
        return f"“{word}” mixes Latin and Cyrillic letters"
    if message := markup_problem(text, rich=place.steps[-1:] == ("paragraph",)):
        return message
    for code in figures_in(text):
        if place.steps[:1] != ("course",):
            return "figures are put into courses only"
        if code not in figures:
            return f"there is no figure “{code}”"
    for number in terms_in(text):
        if number not in explained:
            return f"the glossary gives no meaning of a term “{number}”"
    return None

"""Legal sources: an act of Azerbaijan that may decide a mark was read in its own text, and says where it is checked."""

from collections.abc import Iterator

from locales.languages import LANGUAGES
from standards.models import DECIDES_MARKS

from . import schema
from .files import FileProblem
from .reading import Curriculum

OFFICIAL = "e-qanun.az"  # the State's database of acts


def source_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    for source in curriculum.legal_sources:
        decides = source.confidence in DECIDES_MARKS and not source.quoted_only
        if source.kind == "law" and decides:
            for name, message in _problems(source):
                yield curriculum.problem(source, message, name)


def _problems(source: schema.LegalSourceEntry) -> Iterator[tuple[str, str]]:
    if source.confidence != "V":
        yield "quoted_only", "an act that was not read in its own text is only quoted"
    notes = [getattr(source.state_note, language) for language in LANGUAGES] if source.state_note else [""]
    if not all(OFFICIAL in note for note in notes):
        yield "state_note", f"say that it is to be checked on {OFFICIAL} before print"

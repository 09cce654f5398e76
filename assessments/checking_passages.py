"""Options that are marked in an exhibit: each is a passage of it, found once in each language, apart from the others."""

from collections.abc import Iterator, Sequence

from locales.languages import LANGUAGES

from .content import CaseStage
from .content_parts import ContentProblem, TranslatedText
from .exhibits import texts_to_mark
from .questions import IndicatorsQuestion

type Path = tuple[str | int, ...]


def passage_problems(stage: CaseStage, question: IndicatorsQuestion, path: Path) -> Iterator[ContentProblem]:
    exhibit = next((each for each in stage.exhibits if each.code == question.exhibit), None)
    if exhibit is None:
        yield ContentProblem((*path, "exhibit"), f"the stage has no exhibit {question.exhibit}")
        return
    texts = texts_to_mark(exhibit)
    if not texts:
        yield ContentProblem((*path, "exhibit"), f"nothing can be marked in a {exhibit.kind}")
        return
    for language in LANGUAGES:
        yield from _in_language(question, texts, language, path)


def _in_language(
    question: IndicatorsQuestion, texts: Sequence[TranslatedText], language: str, path: Path
) -> Iterator[ContentProblem]:
    written = [text.written_in(language) for text in texts]
    taken: list[tuple[int, int, int, str]] = []  # text, from, to, code
    for index, option in enumerate(question.options):
        at: Path = (*path, "options", index, "text", language)
        passage = option.text.written_in(language)
        places = [
            (number, place)
            for number, text in enumerate(written)
            for place in range(len(text))
            if text.startswith(passage, place)
        ]
        if len(places) != 1:
            yield ContentProblem(
                at, f"stands {len(places)} times in {question.exhibit}: it must stand there once"
            )
            continue
        [(number, start)] = places
        end = start + len(passage)
        for other, begins, ends, code in taken:
            if other == number and start < ends and begins < end:
                yield ContentProblem(at, f"overlaps with {code} in {question.exhibit}")
        taken.append((number, start, end, option.code))

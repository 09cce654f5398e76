"""Words for what was shown: the criteria of a signed statement and credential, the sentence of a document.

Both are made of the evidence of its award alone. Texts of the signed form (`FACT_LANGUAGES`): not from the
catalogues, in which a word may change.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from . import sources
from .credentials.facts import FACT_LANGUAGES
from .sources import Shown, Texts

# As one of several things, and as the last.
PHRASES: Mapping[str, tuple[Texts, Texts]] = {
    "training": (
        {"az": "təlimi başa vurmuş", "en": "completed the training", "ru": "прохождение обучения"},
        {"az": "təlimi başa vurmuşdur", "en": "completed the training", "ru": "прохождение обучения"},
    ),
    "exam": (
        {"az": "imtahandan keçmiş", "en": "passed the examination", "ru": "сдачу экзамена"},
        {"az": "imtahandan keçmişdir", "en": "passed the examination", "ru": "сдачу экзамена"},
    ),
    "exams": (
        {"az": "imtahanlardan keçmiş", "en": "passed the examinations", "ru": "сдачу экзаменов"},
        {"az": "imtahanlardan keçmişdir", "en": "passed the examinations", "ru": "сдачу экзаменов"},
    ),
    "qualifications": (
        {
            "az": "tələb olunan ixtisaslaşmalara yiyələnmiş",
            "en": "proved the qualifications that it requires",
            "ru": "наличие требуемых квалификаций",
        },
        {
            "az": "tələb olunan ixtisaslaşmalara yiyələnmişdir",
            "en": "proved the qualifications that it requires",
            "ru": "наличие требуемых квалификаций",
        },
    ),
    "recognition": (
        {
            "az": "keçdiyi başqa təlimin tanınması əsasında, imtahan vermədən sertifikat almış",
            "en": "had other training recognised, without an examination,",
            "ru": "признание другого обучения без сдачи экзамена",
        },
        {
            "az": "keçdiyi başqa təlimin tanınması əsasında, imtahan vermədən sertifikat almışdır",
            "en": "had other training recognised, without an examination,",
            "ru": "признание другого обучения без сдачи экзамена",
        },
    ),
}
AND = {"az": " və ", "en": " and ", "ru": " и "}
SENTENCE = {
    "az": "aşağıdakı ixtisaslaşma üzrə {done}:",
    "en": "has {done} for the qualification",
    "ru": "и подтверждает {done} по квалификации:",
}


def criteria_of(evidence: Mapping[str, Any]) -> dict[str, str]:
    """Return the sentences in each language; each thing is said once."""
    found: list[Texts] = []
    for name, shown in shown_in(evidence):
        found += [texts for texts in sources.kind_of(name).sentences(shown) if texts not in found]
    return {language: " ".join(texts[language] for texts in found) for language in FACT_LANGUAGES}


def printed(evidence: Mapping[str, Any]) -> dict[str, str]:
    """Return what the document says between the bearer and the qualification, in each language."""
    names = _phrases(evidence)
    return {
        language: text.format(done=_joined([PHRASES[name] for name in names], language))
        for language, text in SENTENCE.items()
    }


def _phrases(evidence: Mapping[str, Any]) -> list[str]:
    found = [phrase for name, shown in shown_in(evidence) for phrase in sources.kind_of(name).phrases(shown)]
    several = {"exams" if phrase == "exam" and found.count("exam") > 1 else phrase for phrase in found}
    return [phrase for phrase in PHRASES if phrase in several]


def _joined(phrases: list[tuple[Texts, Texts]], language: str) -> str:
    *others, (_among, last) = phrases
    among = ", ".join(texts[language] for texts, _last in others)
    return f"{among}{AND[language]}{last[language]}" if others else last[language]


def shown_in(evidence: Mapping[str, Any]) -> Iterator[tuple[str, Shown]]:
    """Give name and evidence of each source behind an award."""
    for entry in evidence["shown"]:
        yield from entry.items()

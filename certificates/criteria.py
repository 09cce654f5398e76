"""Criteria of a certificate, in sentences of its signed statement and credential: what was required and done.

Texts of the signed format (`FACT_LANGUAGES`): not from the catalogues, in which a word may change.
"""

from collections.abc import Mapping
from typing import Any

type Texts = Mapping[str, str]

ONE_LESSON = {
    "az": "Kursun dərsi oxunub.",
    "en": "The lesson of the course was read.",
    "ru": "Урок курса прочитан.",
}
LESSONS = {
    "az": "Kursun {number} dərsi oxunub.",
    "en": "The {number} lessons of the course were read.",
    "ru": "Уроки курса ({number}) прочитаны.",
}
ONE_CHECK = {
    "az": "Dərsin özünüyoxlamasına cavab verilib.",
    "en": "The self-check of the lessons was answered.",
    "ru": "На самопроверку уроков дан ответ.",
}
CHECKS = {
    "az": "Dərslərin {number} özünüyoxlamasına cavab verilib.",
    "en": "The {number} self-checks of the lessons were answered.",
    "ru": "На самопроверки уроков ({number}) даны ответы.",
}
ONE_PRACTICE = {
    "az": "Məşq işi tamamlanıb.",
    "en": "The practice case was completed.",
    "ru": "Тренировочное дело пройдено.",
}
PRACTICE = {
    "az": "{number} məşq tapşırığı tamamlanıb.",
    "en": "The {number} practice assessments were completed.",
    "ru": "Тренировочные задания ({number}) пройдены.",
}
EXAM = {
    "az": "İşlər üzrə imtahan verilib.",
    "en": "The case examination was passed.",
    "ru": "Экзамен по делам сдан.",
}
EXAM_WITHOUT_CRITICAL_ERROR = {
    "az": "İşlər üzrə imtahan kritik səhvsiz verilib.",
    "en": "The case examination was passed without a critical error.",
    "ru": "Экзамен по делам сдан без критических ошибок.",
}


def criteria_of(evidence: Mapping[str, Any]) -> dict[str, str]:
    """Return the sentences in each language; of what was not required, or not there to be done, they say nothing."""
    required = evidence["required"]
    done = [
        *_sentence(required.get("lessons", 0), ONE_LESSON, LESSONS),
        *_sentence(required.get("checks", 0), ONE_CHECK, CHECKS),
        *_sentence(required.get("practice", 0), ONE_PRACTICE, PRACTICE),
        EXAM_WITHOUT_CRITICAL_ERROR if evidence["blueprint"]["critical_error_fails"] else EXAM,
    ]
    return {language: " ".join(texts[language] for texts in done) for language in EXAM}


def _sentence(number: int, one: Texts, several: Texts) -> list[Texts]:
    if not number:
        return []
    return [one] if number == 1 else [{code: text.format(number=number) for code, text in several.items()}]

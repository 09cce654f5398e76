"""Other training that two registrars have recognised: what is said of it on credential and document. Rules do not require
it, they allow it (`recognition`), and no exam was passed.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from locales.dates import day_text

from .credentials.facts import FACT_LANGUAGES
from .models import TrainingGiver, TrainingKind
from .sources import Shown, SourceKind, SourceQuestion, Texts, register

NAME = "recognition"
# Texts of the signed form: not from the catalogues, in which a word may change.
RECOGNISED = {
    "az": "İki qeydiyyatçının qərarı ilə başqa təlim tanınıb: {kind}; keçirən: {giver}; başa çatdığı gün: {day}.",
    "en": "Other training was recognised by the decision of two registrars: {kind}, given by {giver}, completed on {day}.",
    "ru": "Решением двух регистраторов признано другое обучение: {kind}; организатор: {giver}; дата окончания: {day}.",
}
NO_EXAM = {
    "az": "Bu sertifikat üçün imtahan verilməyib.",
    "en": "No examination was passed for this certificate.",
    "ru": "Экзамен для получения этого сертификата не сдавался.",
}
KINDS: Mapping[str, Texts] = {
    TrainingKind.COURSE: {"az": "kurs", "en": "a course", "ru": "курс"},
    TrainingKind.SEMINAR: {"az": "seminar", "en": "a seminar", "ru": "семинар"},
    TrainingKind.FOR_TRAINERS: {
        "az": "təlimçilər üçün kurs",
        "en": "a course for trainers",
        "ru": "курс для преподавателей",
    },
    TrainingKind.STUDIES: {
        "az": "təhsil proqramı",
        "en": "a study programme",
        "ru": "учебная программа",
    },
}
GIVERS: Mapping[str, Texts] = {
    TrainingGiver.STATE: {
        "az": "Azərbaycanın dövlət qurumu",
        "en": "a state institution of Azerbaijan",
        "ru": "государственное учреждение Азербайджана",
    },
    TrainingGiver.UNIVERSITY: {"az": "ali məktəb", "en": "a university", "ru": "высшее учебное заведение"},
    TrainingGiver.INTERNATIONAL: {
        "az": "beynəlxalq təşkilat",
        "en": "an international organisation",
        "ru": "международная организация",
    },
    TrainingGiver.OTHER_STATE: {
        "az": "başqa dövlətin qurumu",
        "en": "an authority of another state",
        "ru": "ведомство другого государства",
    },
    TrainingGiver.CIVIL_SOCIETY: {
        "az": "qeyri-hökumət təşkilatı",
        "en": "a non-governmental organisation",
        "ru": "неправительственная организация",
    },
}


def _check(value: object) -> None:
    raise ValidationError(
        _("Other training cannot be required. Tick the box that says it may be recognised.")
    )


def _words(values: Sequence[object]) -> list[str]:
    return [_("other training that was recognised") for _value in values]


def _shown(value: object, asked: SourceQuestion) -> Shown | None:
    return None


def _sentences(shown: Shown) -> list[Texts]:
    training = shown["training"]
    return [
        {
            language: RECOGNISED[language].format(
                kind=KINDS[training["kind"]][language],
                giver=GIVERS[training["giver"]][language],
                day=day_text(date.fromisoformat(training["day"]), language),
            )
            for language in FACT_LANGUAGES
        },
        NO_EXAM,
    ]


def _phrases(shown: Shown) -> list[str]:
    return [NAME]


register(
    SourceKind(
        name=NAME,
        check=_check,
        offered=list,
        words=_words,
        shown=_shown,
        sentences=_sentences,
        phrases=_phrases,
    )
)

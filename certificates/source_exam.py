"""The exam of a course as what earns a qualification."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.models import Attempt, Blueprint, Use
from courses.models import AssessmentPage, CoursePage, Edition

from .rules import Exam
from .sources import Shown, SourceKind, SourceQuestion, Texts, register

# Texts of the signed form: not from the catalogues, in which a word may change.
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


def _check(value: Exam) -> None:
    blueprint = Blueprint.objects.filter(code=value.blueprint).first()
    if blueprint is None or blueprint.use != Use.EXAM:
        raise ValidationError(_("There is no exam “%(code)s”.") % {"code": value.blueprint})
    if not CoursePage.objects.filter(code=value.course).exists():
        raise ValidationError(_("There is no course “%(code)s”.") % {"code": value.course})


def _offered() -> list[Exam]:
    """The exams of published courses, by their codes; two queries."""
    pages = AssessmentPage.objects.live().filter(blueprint__use=Use.EXAM).select_related("blueprint")
    courses = list(CoursePage.objects.live().defer("summary"))
    found = [
        Exam(course.code, page.blueprint.code)
        for page in pages
        for course in courses
        if page.path.startswith(course.path)
    ]
    return sorted(set(found))


def _words(values: Sequence[Exam]) -> list[str]:
    """Name of each exam and of its course, in the active language; two queries."""
    titles = dict(
        Blueprint.objects.filter(code__in=[one.blueprint for one in values]).values_list("code", "title")
    )
    courses = CoursePage.objects.filter(code__in=[one.course for one in values])
    headings = {course.code: course.heading for course in courses.defer("summary")}
    text = _("the exam “%(exam)s” of the course “%(course)s”")
    return [
        text
        % {
            "exam": titles.get(one.blueprint, one.blueprint),
            "course": headings.get(one.course, one.course),
        }
        for one in values
    ]


def _shown(value: Exam, asked: SourceQuestion) -> Shown | None:
    """The newest pass through this course, in an edition that was in force when it began."""
    passed = Attempt.objects.taken_by(asked.person.pk).filter(
        blueprint__code=value.blueprint, course_code=value.course, passed=True,
        closed_at__gt=asked.since, closed_at__lte=asked.instant,
    )  # fmt: skip
    attempts = list(
        passed.select_related("blueprint", "blueprint_version", "marking").order_by("-closed_at", "-pk")
    )
    attempts.sort(key=lambda attempt: attempt.public_id != asked.attempt)
    for attempt in attempts:
        if edition := _edition_of(attempt):
            return _evidence(attempt, edition)
    return None


def _edition_of(attempt: Attempt) -> Edition | None:
    """The edition that the attempt kept when it began."""
    if attempt.edition_number is None:
        return None
    editions = Edition.objects.select_related("course").filter(published_at__lte=attempt.started_at)
    return editions.filter(course__code=attempt.course_code, number=attempt.edition_number).first()


def _evidence(attempt: Attempt, edition: Edition) -> Shown:
    return {
        "attempt": attempt.public_id,
        "closed_at": attempt.closed_at.isoformat() if attempt.closed_at else None,
        "marking": attempt.marking.number if attempt.marking else None,
        "points": str(attempt.points),
        "points_max": str(attempt.points_max),
        "blueprint": {
            "code": attempt.blueprint.code,
            "version": attempt.blueprint_version.number,
            "sha256": attempt.blueprint_version.sha256,
            "critical_error_fails": attempt.blueprint_version.rules["critical_error_fails"],
        },
        "cases": [
            {
                "code": case.version.scenario.code,
                "version": case.version.number,
                "sha256": case.version.sha256,
            }
            for case in attempt.cases.select_related("version__scenario")
        ],
        "edition": {
            "course": edition.course.code,
            "number": edition.number,
            "public_id": edition.public_id,
            "legal_date": edition.legal_date.isoformat(),
            "law_confirmed_on": edition.law_confirmed_on and edition.law_confirmed_on.isoformat(),
        },
        "required": {part: len(done) for part, done in attempt.requirements.items()},
    }


def _sentences(shown: Shown) -> list[Texts]:
    """Of what was not required, or not there to be done, they say nothing."""
    required = shown["required"]
    return [
        *_counted(required.get("lessons", 0), ONE_LESSON, LESSONS),
        *_counted(required.get("checks", 0), ONE_CHECK, CHECKS),
        *_counted(required.get("practice", 0), ONE_PRACTICE, PRACTICE),
        EXAM_WITHOUT_CRITICAL_ERROR if shown["blueprint"]["critical_error_fails"] else EXAM,
    ]


def _counted(number: int, one: Texts, several: Mapping[str, str]) -> list[Texts]:
    if not number:
        return []
    return [one] if number == 1 else [{code: text.format(number=number) for code, text in several.items()}]


def _phrases(shown: Shown) -> list[str]:
    return ["training", "exam"] if shown["required"].get("lessons") else ["exam"]


register(
    SourceKind(
        name="exam",
        check=_check,
        offered=_offered,
        words=_words,
        shown=_shown,
        sentences=_sentences,
        phrases=_phrases,
    )
)

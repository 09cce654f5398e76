"""Another qualification as what earns one: its certificate holds at the instant."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .holding import holdings_of
from .models import Qualification
from .sources import Shown, SourceKind, SourceQuestion, Texts, register

HELD = {
    "az": "{code} ixtisaslaşması üzrə qüvvədə olan sertifikat var.",
    "en": "A valid certificate of the qualification {code} was held.",
    "ru": "Имелся действующий сертификат по квалификации {code}.",
}


def _check(value: str) -> None:
    if not Qualification.objects.filter(code=value).exists():
        raise ValidationError(_("There is no qualification “%(code)s”.") % {"code": value})


def _offered() -> list[str]:
    return list(Qualification.objects.order_by("code").values_list("code", flat=True))


def _words(values: Sequence[str]) -> list[str]:
    names = {each.code: str(each) for each in Qualification.objects.filter(code__in=values)}
    return [
        _("a valid certificate of “%(qualification)s”") % {"qualification": names.get(code, code)}
        for code in values
    ]


def _shown(value: str, asked: SourceQuestion) -> Shown | None:
    """The award behind the certificate, which may still be being made."""
    for holding in holdings_of(asked.person.pk, asked.instant).get(value, ()):
        if holding.holds:
            award = holding.award
            return {
                "code": value,
                "version": award.qualification_version.number,
                "award": award.public_id,
                "editions": award.editions,
            }
    return None


def _sentences(shown: Shown) -> list[Texts]:
    return [{language: text.format(code=shown["code"]) for language, text in HELD.items()}]


def _phrases(shown: Shown) -> list[str]:
    return ["qualifications"]


register(
    SourceKind(
        name="qualification",
        check=_check,
        offered=_offered,
        words=_words,
        shown=_shown,
        sentences=_sentences,
        phrases=_phrases,
    )
)

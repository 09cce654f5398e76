from modeltranslation.translator import TranslationOptions, register

from .models import Competence, CriticalError, Figure, Indicator, IndicatorSet, LegalSource, Term


@register(LegalSource)
class LegalSourceOptions(TranslationOptions):
    fields = ("instrument", "state_note")
    required_languages = {"default": ("instrument",)}


@register(IndicatorSet)
class IndicatorSetOptions(TranslationOptions):
    fields = ("name",)


@register(Indicator)
class IndicatorOptions(TranslationOptions):
    fields = ("text", "not_enough")


@register(Competence)
class CompetenceOptions(TranslationOptions):
    fields = ("text",)


@register(CriticalError)
class CriticalErrorOptions(TranslationOptions):
    fields = ("title", "rule")


@register(Term)
class TermOptions(TranslationOptions):
    fields = ("meaning",)


@register(Figure)
class FigureOptions(TranslationOptions):
    fields = ("name", "unit")

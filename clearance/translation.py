from modeltranslation.translator import TranslationOptions, register

from locales.languages import LANGUAGES

from .models import DutyFunction


@register(DutyFunction)
class DutyFunctionOptions(TranslationOptions):
    fields = ("name",)
    required_languages = LANGUAGES

from modeltranslation.translator import TranslationOptions, register

from .models import DutyFunction


@register(DutyFunction)
class DutyFunctionOptions(TranslationOptions):
    fields = ("name", "who")
    required_languages = ("az", "en", "ru")

from modeltranslation.translator import TranslationOptions, register

from locales.languages import LANGUAGES

from .models import Qualification


@register(Qualification)
class QualificationOptions(TranslationOptions):
    fields = ("name", "description")
    required_languages = LANGUAGES

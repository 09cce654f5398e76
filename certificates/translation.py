from modeltranslation.translator import TranslationOptions, register

from .models import Qualification


@register(Qualification)
class QualificationOptions(TranslationOptions):
    fields = ("name", "description")
    required_languages = ("az", "en", "ru")

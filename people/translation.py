from modeltranslation.translator import TranslationOptions, register

from locales.languages import LANGUAGES

from .models import Agency, Role, Unit


@register([Agency, Unit, Role])
class NamedOptions(TranslationOptions):
    fields = ("name",)
    required_languages = LANGUAGES

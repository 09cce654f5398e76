from modeltranslation.translator import TranslationOptions, register

from .models import Agency, Role, Unit


@register([Agency, Unit, Role])
class NamedOptions(TranslationOptions):
    fields = ("name",)
    required_languages = ("az", "en", "ru")

from modeltranslation.translator import TranslationOptions, register

from locales.languages import LANGUAGES

from .models import Blueprint, Scenario, ScenarioFamily


@register([ScenarioFamily, Scenario, Blueprint])
class TitledOptions(TranslationOptions):
    fields = ("title",)
    required_languages = LANGUAGES

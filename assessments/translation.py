from modeltranslation.translator import TranslationOptions, register

from .models import Blueprint, Scenario, ScenarioFamily


@register([ScenarioFamily, Scenario, Blueprint])
class TitledOptions(TranslationOptions):
    fields = ("title",)
    required_languages = ("az", "en", "ru")

from modeltranslation.translator import TranslationOptions, register

from .models import AssessmentPage, CoursePage, LessonPage, ModulePage


@register(CoursePage)
class CoursePageOptions(TranslationOptions):
    fields = ("heading", "summary", "audience")
    required_languages = ("az",)


@register(ModulePage)
class ModulePageOptions(TranslationOptions):
    fields = ("heading",)
    required_languages = ("az",)


@register(LessonPage)
class LessonPageOptions(TranslationOptions):
    fields = ("heading", "body")
    required_languages = {"az": ("heading",)}


@register(AssessmentPage)
class AssessmentPageOptions(TranslationOptions):
    fields = ("heading", "intro")
    required_languages = ("az",)

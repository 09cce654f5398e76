from modeltranslation.translator import TranslationOptions, register

from .models import AssessmentPage, CoursePage, LessonPage, ModulePage


@register(CoursePage)
class CoursePageOptions(TranslationOptions):
    fields = CoursePage.translated
    required_languages = ("az",)


@register(ModulePage)
class ModulePageOptions(TranslationOptions):
    fields = ModulePage.translated
    required_languages = ("az",)


@register(LessonPage)
class LessonPageOptions(TranslationOptions):
    fields = LessonPage.translated
    required_languages = ("az",)


@register(AssessmentPage)
class AssessmentPageOptions(TranslationOptions):
    fields = AssessmentPage.translated
    required_languages = ("az",)

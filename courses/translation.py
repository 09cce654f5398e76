from modeltranslation.translator import TranslationOptions, register

from .models import AssessmentPage, CoursePage, LessonPage, ModulePage


@register(CoursePage)
class CoursePageOptions(TranslationOptions):
    fields = ("heading", "summary", "audience")


@register([ModulePage, LessonPage])
class HeadingOptions(TranslationOptions):
    fields = ("heading",)


@register(AssessmentPage)
class AssessmentPageOptions(TranslationOptions):
    fields = ("heading", "intro")

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from . import editor, people_extensions, previews, reading, receivers  # noqa: F401 - signals connected
        from .models.pages import Previewed

        editor.attach()
        reading.connect()
        Previewed.draw_preview = previews.preview

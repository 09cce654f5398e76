from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from . import editor, editor_blocks, mail, people_extensions, previews, reading, receivers  # noqa: F401 - registered
        from .models.pages import Previewed

        editor.attach()
        reading.connect()
        Previewed.draw_preview = previews.preview

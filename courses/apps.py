from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from . import editor, people_extensions, reading, receivers  # noqa: F401 - signals connected

        editor.attach()
        reading.connect()

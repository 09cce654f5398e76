from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from . import editor, in_register, reading, receivers  # noqa: F401 - signals connected

        editor.attach()
        reading.connect()

from django.apps import AppConfig


class ElearningConfig(AppConfig):
    name = "elearning"

    def ready(self) -> None:
        from . import permissions  # noqa: F401 - registered

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from . import mail, people_extensions, receivers  # noqa: F401 - notices registered, signals connected

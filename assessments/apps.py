from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from . import people_extensions, receivers  # noqa: F401 - signals connected

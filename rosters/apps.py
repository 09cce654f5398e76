from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "rosters"

    def ready(self) -> None:
        from . import applying, people_extensions, receivers, staging  # noqa: F401 - registered

from django.apps import AppConfig


class RostersConfig(AppConfig):
    name = "rosters"

    def ready(self) -> None:
        from . import people_extensions, receivers, work  # noqa: F401 - registered

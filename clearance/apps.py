from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "clearance"

    def ready(self) -> None:
        from . import mail, people_extensions, receivers, trail  # noqa: F401 - connected, notices registered

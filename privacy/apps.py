from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "privacy"

    def ready(self) -> None:
        from . import jobs, mail, people_extensions, receivers  # noqa: F401 - registered

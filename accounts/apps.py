from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from . import bounces, jobs, mail, people_extensions, receivers  # noqa: F401 - registered

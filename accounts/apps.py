from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from . import bounces, mail, people_extensions, receivers, sheets  # noqa: F401 - registered

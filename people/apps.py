from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from . import mail, mail_positions, mail_rights, receivers  # noqa: F401 - registered, connected
        from .rights import errands  # noqa: F401 - registered

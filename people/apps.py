from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from . import (  # noqa: F401 - notices are registered
            mail,
            mail_positions,
            receivers,
        )
        from .rights import errands, mail  # noqa: F401 - errands and notices are registered

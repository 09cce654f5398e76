from django.apps import AppConfig


class Dying(AppConfig):
    name = "bench.dying"

    def ready(self) -> None:
        from . import points

        points.install()

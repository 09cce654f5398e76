from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from courses import assessment_state

        from . import (  # noqa: F401 - they register themselves
            actions_life,
            mail,
            people_extensions,
            receivers,
            source_exam,
            source_qualification,
            source_recognition,
            trail,
        )
        from .lapsing import earning

        assessment_state.earning.append(earning)

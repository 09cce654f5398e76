"""Permission to write what officers are measured against. `None` is the installation itself."""

from django.utils.translation import gettext_lazy as _

from people.models import Grant, User
from people.permissions import Reach, may, register_permission

register_permission(
    "standards.write",
    _("Edit the glossary; bring in legal sources, indicators, competences and amounts"),
    {Grant.Position.TRAINER.value: Reach.EVERYWHERE},
    note=_(
        "Only the glossary is edited on the site. The operators load everything else from the files of the "
        "curriculum."
    ),
)


def can_write_standards(by: User | None) -> bool:
    return may(by, "standards.write")

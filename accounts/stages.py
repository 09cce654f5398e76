"""A step of signing in that is ours."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage

from people.models import User


class AddressStage(EmailVerificationStage):
    """The step that confirms an address, without asking people who have none: they came in by a sheet from
    their agency.
    """

    def handle(self) -> Any:
        user = self.login.user
        if isinstance(user, User) and not user.email and not EmailAddress.objects.filter(user=user).exists():
            return None, True
        return super().handle()

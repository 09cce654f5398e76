"""Signing in, and the permissions of the editor at /cms/: read from live grants.

No row of Django's groups or permissions is given to anybody. Wagtail asks for permissions by name
and, for pages, looks for `_page_permission_cache` on the user before it looks for groups.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from people.models import User
from people.permissions import with_live_grants

from .cms_permissions import cms_permissions
from .invitation_secrets import by_address, without_address


class GrantBackend(AuthenticationBackend):
    """Signs in by address and password, as allauth does, or without an address by service number;
    permissions come from grants alone.
    """

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        people = by_address(email) if "@" in email else without_address(email)
        return next((one for one in people if self._check_password(one, password)), None)

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Return whether the account is open, and a person's: no system signs in, by whatever way."""
        return isinstance(user, User) and user.may_sign_in

    def get_user(self, user_id: int) -> User | None:
        """Return the active person, with the live grants: each page of somebody signed in asks, so once for both."""
        user = with_live_grants(user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        pages = SimpleLazyObject(lambda: cms_permissions.pages_of(user))
        user._page_permission_cache = pages  # type: ignore[attr-defined]  # the name Wagtail asks
        return user

    def get_user_permissions(self, user_obj: AbstractBaseUser | AnonymousUser, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: AbstractBaseUser | AnonymousUser, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: AbstractBaseUser | AnonymousUser, obj: Any = None) -> set[str]:
        """Return names like "wagtailadmin.access_admin", asked once for each request's user."""
        if obj is not None or not isinstance(user_obj, User):
            return set()
        if not hasattr(user_obj, "_granted_names"):
            user_obj._granted_names = cms_permissions.names_of(user_obj)  # type: ignore[attr-defined]  # kept for the request
        names: set[str] = user_obj._granted_names  # type: ignore[attr-defined]  # set above
        return names

"""allauth's adapter for the providers of agencies.

A provider opens an account that was linked to it, asks once for the existing sign-in where none is, and
never makes a person.
"""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, ProviderException
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from people.allauth_internals import build_apps_from_settings
from people.models import User

from .actions.sign_on import note_refused_sign_on
from .sign_on import linking
from .sign_on.configuration import Saml
from .sign_on.naming import NotNamed, one_value, person_named, provider_of
from .sign_on.oidc import OpenIDConnectAdapter
from .sign_on.pages import UNUSABLE, refusal


class SignOnAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the providers of the settings alone: no row of the database makes one."""
        configured = build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in configured.values() for app in apps]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """Return the provider, asked in our way.

        It is remembered by our id while a second step is asked for: a client id may be shared.
        """
        made = super().get_provider(request, provider, client_id)
        made.oauth2_adapter_class = OpenIDConnectAdapter
        made.serialize = lambda: {"id": made.sub_id, "app.client_id": made.app.client_id}
        return made

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Keep nothing of what the provider says but its own name for the person."""
        stated = sociallogin.account.extra_data
        sociallogin.account.extra_data = {}
        sociallogin.email_addresses = []
        sociallogin.claims = _claims(stated)
        user: User = sociallogin.user
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let a person in who is linked, serves in the agency, and is the one who is named; refuse every
        other arrival.
        """
        sociallogin.state["process"] = "login"  # a form field could ask for another
        account = sociallogin.account
        provider = provider_of(account.provider)
        if provider is None:
            raise ImmediateHttpResponse(refusal(request, None, _("This sign-in is not offered.")))
        if isinstance(provider, Saml) and account.uid != one_value(sociallogin.claims.get(provider.subject)):
            # allauth takes the first of several, and the NameID, another kind of name, where there is none
            raise ImmediateHttpResponse(refusal(request, provider, str(UNUSABLE)))
        linked: User | None = sociallogin.user if sociallogin.is_existing else None
        try:
            person = person_named(provider, sociallogin.claims)
        except NotNamed as error:
            raise ImmediateHttpResponse(refusal(request, provider, str(error))) from error
        if linked is not None and linked.merged_into_id is None and linked != person:
            note_refused_sign_on(person=linked, provider_id=provider.id, by=None)
            words = _(
                "This sign-in is linked to another person's account. Tell the coordinator of your agency."
            )
            raise ImmediateHttpResponse(refusal(request, provider, words))
        if linked != person:
            way = linking.await_existing_sign_in(request, provider, account.uid, person, sociallogin.state)
            raise ImmediateHttpResponse(redirect(way))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        ours = provider_of(provider.app.provider_id)
        if error == AuthError.CANCELLED:
            words = _("You did not finish signing in there.")
        else:
            words = str(UNUSABLE)
        raise ImmediateHttpResponse(refusal(request, ours, words, status=401))


def _claims(stated: Any) -> dict[str, Any]:
    """Return what was said about the person: OpenID Connect says it in two places, which must mean one
    subject.
    """
    if not isinstance(stated, dict):
        raise ProviderException("claims are no object")
    stated_twice, signed = stated.get("userinfo"), stated.get("id_token")
    if stated_twice is None and signed is None:
        return stated
    if stated_twice and signed and stated_twice.get("sub") != signed.get("sub"):
        raise ProviderException("userinfo and id_token name two subjects")
    return {**(stated_twice or {}), **(signed or {})}

"""The pages of single sign-on that more than one module answers with."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from .configuration import OpenIDConnect, Saml
from .naming import name_of

UNUSABLE = _("The provider's answer could not be used: it is too old, was used already, or is not genuine.")
SILENT = _("The provider does not answer just now. Sign in with your password, or try again later.")


def refusal(
    request: HttpRequest, provider: OpenIDConnect | Saml | None, words: str, *, status: int = 403
) -> HttpResponse:
    """Return a page that says why and leads back to the sign-in page: the password always works."""
    context = {"words": words, "provider": name_of(provider) if provider else ""}
    return render(request, "accounts/sign_on/refused.html", context, status=status)


def going(request: HttpRequest, provider: OpenIDConnect | Saml, address: str) -> HttpResponse:
    """Return a page of ours that leads on to the provider.

    A redirect would end at the strict `form-action 'self'`: browsers hold it against every address that
    the answer to a form leads to, the provider's own further redirects too.
    """
    if urlsplit(address).scheme not in {"https"} | ({"http"} if not settings.SECURE else set()):
        return refusal(request, provider, str(SILENT), status=502)
    context = {"provider": name_of(provider), "address": address}
    response = render(request, "accounts/sign_on/going.html", context)
    response.headers["Refresh"] = f"0; url={address}"
    return response

"""Single sign-on by SAML 2.0: the request goes by redirect, the answer comes as a form from the provider.

A form from another site carries no cookie of ours; allauth keeps it for a moment and takes it up again
by a redirect, when the browser shows whose session it is.
"""

import logging

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.saml import views as allauth_views
from allauth.socialaccount.providers.saml.utils import build_auth, build_saml_config
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from accounts.sign_on.configuration import Saml
from accounts.sign_on.pages import UNUSABLE, refusal

from .sign_on import carefully, lead_on, of_kind

log = logging.getLogger(__name__)
LONGEST_ANSWER = 200_000  # characters


@never_cache
def leave(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    provider = of_kind(organization_slug, Saml)
    view = allauth_views.login
    return lead_on(request, provider, lambda: view(request, organization_slug=organization_slug))


@never_cache
@csrf_exempt  # the form comes from the provider; its signature is what counts
@require_POST
def arrive(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """Take the provider's answer, and keep nothing that it has not signed."""
    provider = of_kind(organization_slug, Saml)
    return carefully(request, provider, lambda: _kept_if_signed(request, provider))


def _kept_if_signed(request: HttpRequest, provider: Saml) -> HttpResponseBase:
    if not 0 < len(request.POST.get("SAMLResponse", "")) <= LONGEST_ANSWER:
        return refusal(request, provider, str(UNUSABLE), status=400)
    auth = build_auth(request, get_adapter().get_provider(request, provider.id))
    try:
        auth.process_response()
    except (OneLogin_Saml2_Error, SyntaxError, ValueError):  # lxml's refusals are SyntaxErrors
        return refusal(request, provider, str(UNUSABLE), status=401)
    if auth.get_errors() or not auth.is_authenticated():
        log.warning("%s: answer refused: %s", provider.id, auth.get_last_error_reason())
        return refusal(request, provider, str(UNUSABLE), status=401)
    answer: HttpResponseBase = allauth_views.acs(request, organization_slug=provider.id)
    return answer


@never_cache
@require_safe
def back(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    provider = of_kind(organization_slug, Saml)
    view = allauth_views.finish_acs
    return carefully(request, provider, lambda: view(request, organization_slug=organization_slug))


@require_safe
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Return what the provider's operator needs of us."""
    provider = of_kind(organization_slug, Saml)
    app = get_adapter().get_app(request, provider.id)
    config = build_saml_config(request, app.settings, provider.id)
    del config["sp"]["singleLogoutService"]  # not offered
    xml = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(xml, content_type="application/samlmetadata+xml")


def not_offered(request: HttpRequest, organization_slug: str) -> HttpResponse:
    raise Http404

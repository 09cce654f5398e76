"""Single sign-on: to an agency's provider and back, and the link between its name and an account."""

from collections.abc import Callable

from allauth.core.exceptions import ReauthenticationRequired
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from accounts.actions.sign_on import link_sign_on, unlink_sign_on
from accounts.sign_on import linking
from accounts.sign_on.configuration import OpenIDConnect
from accounts.sign_on.naming import Provider, name_of, provider_of, providers
from accounts.sign_on.oidc import OpenIDConnectAdapter
from accounts.sign_on.pages import SILENT, UNUSABLE, going, refusal
from people.models import User
from people.reauthentication import proved_recently
from people.requests import OfficerRequest, recently, signed_in

# What reading a stranger's answer can raise, allauth's own refusals apart.
NONSENSE = (OAuth2Error, ImproperlyConfigured, ValueError, KeyError, TypeError, AttributeError)


def of_kind[P: Provider](provider_id: str, kind: type[P]) -> P:
    provider = provider_of(provider_id)
    if not isinstance(provider, kind):
        raise Http404
    return provider


def carefully(
    request: HttpRequest, provider: Provider, view: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return the answer of the view; a page in words where the provider is silent or talks nonsense."""
    try:
        return view()
    except PermissionDenied:
        return refusal(request, provider, str(UNUSABLE), status=401)
    except RequestException:
        return refusal(request, provider, str(SILENT), status=502)
    except NONSENSE:
        return refusal(request, provider, str(UNUSABLE), status=502)


def lead_on(
    request: HttpRequest, provider: Provider, view: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Lead from the button on the sign-in page to the provider."""
    if request.method != "POST":
        return redirect("account_login")
    if request.GET:  # allauth would take scopes and more from there
        return HttpResponseNotAllowed(["POST"])
    response = carefully(request, provider, view)
    if isinstance(response, HttpResponseRedirectBase):
        return going(request, provider, response.url)
    return response


@never_cache
def leave(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    provider = of_kind(provider_id, OpenIDConnect)
    view = OAuth2LoginView.adapter_view(OpenIDConnectAdapter(request, provider.id))
    return lead_on(request, provider, lambda: view(request))


@never_cache
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    provider = of_kind(provider_id, OpenIDConnect)
    view = OAuth2CallbackView.adapter_view(OpenIDConnectAdapter(request, provider.id))
    return carefully(request, provider, lambda: view(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest) -> HttpResponseBase:
    """Link the provider once the existing sign-in has shown that the account is theirs."""
    waiting = linking.waiting_in(request)
    provider = provider_of(waiting.provider) if waiting else None
    if waiting is None or provider is None:
        linking.forget(request)
        messages.info(request, _("There is nothing to link any more. Start again from the sign-in page."))
        return redirect("account_login")
    context = {"provider": name_of(provider), "here_again": reverse("accounts:link_sign_on")}
    if not isinstance(request.user, User):
        return render(request, "accounts/sign_on/first_time.html", context)
    if request.user.public_id != waiting.person:
        return render(request, "accounts/sign_on/another_person.html", context, status=403)
    if not proved_recently(request):
        raise ReauthenticationRequired  # allauth's middleware leads to the question, and back
    if request.method != "POST":
        points = [
            _("Your password and your second step stay as they are."),
            _("The link holds while you serve in that agency; you can end it in your account."),
        ]
        return render(request, "accounts/sign_on/link.html", {**context, "points": points})
    return _linked(request, request.user, waiting, provider)


def _linked(
    request: HttpRequest, person: User, waiting: linking.Waiting, provider: Provider
) -> HttpResponseBase:
    linking.forget(request)
    link_sign_on(person=person, provider_id=provider.id, subject=waiting.subject, by=person)
    messages.success(
        request,
        _("Linked. From now on you can sign in with “%(provider)s”.") % {"provider": name_of(provider)},
    )
    onward = waiting.next
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = resolve_url("home")
    return redirect(onward)


@never_cache
@require_safe
@signed_in
def mine(request: OfficerRequest) -> HttpResponse:
    """Show the providers that open one's own account, and those that could."""
    linked = {one.provider for one in SocialAccount.objects.filter(user=request.user)}
    rows = [{"id": one.id, "name": name_of(one)} for one in providers() if one.id in linked]
    return render(request, "accounts/sign_on/mine.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recently
def unlink(request: OfficerRequest, provider_id: str) -> HttpResponse:
    provider = provider_of(provider_id)
    if provider is None or not SocialAccount.objects.filter(user=request.user, provider=provider_id).exists():
        raise Http404
    if request.method != "POST":
        return render(request, "accounts/sign_on/unlink.html", {"provider": name_of(provider)})
    unlink_sign_on(person=request.user, provider_id=provider.id, by=request.user)
    messages.success(request, _("This provider no longer opens your account."))
    return redirect("accounts:sign_on")

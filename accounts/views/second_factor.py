"""Pages of the second step that allauth leaves open."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class RemovePasskeyView(RemoveWebAuthnView):
    """allauth asks its adapter before an app is removed, but not before a passkey is."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]  # allauth is untyped


remove_passkey = RemovePasskeyView.as_view()

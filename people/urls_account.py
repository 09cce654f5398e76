"""Addresses under /account/ that stand before allauth's: what it offers and we do otherwise."""

from django.urls import path

from .views import second_factor

urlpatterns = [
    path(
        "second-step/webauthn/keys/<int:pk>/remove/", second_factor.remove_passkey, name="mfa_remove_webauthn"
    ),
]

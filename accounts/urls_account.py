"""Addresses under /account/ that stand before allauth's: what it offers and we do otherwise."""

from django.urls import path

from .views import first_sign_in, second_factor

urlpatterns = [
    path("invitation/<public_id:public_id>/<str:mark>/", first_sign_in.invited, name="accounts_invited"),
    path("first/", first_sign_in.sheet, name="accounts_first"),
    path("first/password/", first_sign_in.password, name="accounts_first_password"),
    path(
        "second-step/webauthn/keys/<int:pk>/remove/", second_factor.remove_passkey, name="mfa_remove_webauthn"
    ),
]

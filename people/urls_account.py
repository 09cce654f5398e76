"""Addresses under /account/ that stand before allauth's: what it offers and we do otherwise."""

from django.urls import path

from .views import first, second_factor

urlpatterns = [
    path("invitation/<public_id:public_id>/<str:mark>/", first.invited, name="people_invited"),
    path("first/", first.sheet, name="people_first"),
    path("first/password/", first.password, name="people_first_password"),
    path(
        "second-step/webauthn/keys/<int:pk>/remove/", second_factor.remove_passkey, name="mfa_remove_webauthn"
    ),
]

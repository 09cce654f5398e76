"""Addresses that the providers of agencies know: no language in them. The names are allauth's."""

from django.urls import path

from .views import sign_on

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", sign_on.leave, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", sign_on.back, name="openid_connect_callback"),
]

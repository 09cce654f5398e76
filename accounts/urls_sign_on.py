"""Addresses that the providers of agencies know: no language in them. The names are allauth's."""

from django.urls import path

from .views import saml, sign_on

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", sign_on.leave, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", sign_on.back, name="openid_connect_callback"),
    path("saml/<slug:organization_slug>/login/", saml.leave, name="saml_login"),
    path("saml/<slug:organization_slug>/acs/", saml.arrive, name="saml_acs"),
    path("saml/<slug:organization_slug>/acs/finish/", saml.back, name="saml_finish_acs"),
    path("saml/<slug:organization_slug>/metadata/", saml.metadata, name="saml_metadata"),
    path("saml/<slug:organization_slug>/sls/", saml.not_offered, name="saml_sls"),  # allauth asks its address
]

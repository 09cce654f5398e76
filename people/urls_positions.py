"""Pages of positions, accounts and agencies."""

from django.urls import path

from .views import accounts, agencies, grants, registrars, resets

urlpatterns = [
    path("positions/", grants.grants, name="grants"),
    path("positions/export/", grants.export, name="export_grants"),
    path("positions/who-may/", grants.who_may, name="who_may"),
    path("positions/give/", grants.give, name="give"),
    path("positions/give/<public_id:public_id>/", grants.give_to, name="give_to"),
    path("positions/registrars/", registrars.waiting, name="registrar_proposals"),
    path("positions/registrars/propose/<public_id:public_id>/", registrars.propose, name="propose_registrar"),
    path("positions/registrars/<public_id:public_id>/", registrars.one, name="registrar_proposal"),
    path(
        "positions/registrars/<public_id:public_id>/<str:decision>/",
        registrars.decide,
        name="decide_registrar",
    ),
    path("positions/<public_id:public_id>/", grants.grant_one, name="grant_one"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/second-steps/", resets.waiting, name="resets"),
    path("accounts/second-steps/propose/<public_id:public_id>/", resets.propose, name="propose_reset"),
    path("accounts/second-steps/<public_id:public_id>/", resets.one, name="reset_proposal"),
    path("accounts/second-steps/<public_id:public_id>/<str:decision>/", resets.decide, name="decide_reset"),
    path("accounts/<public_id:public_id>/", accounts.account_one, name="account_one"),
    path("accounts/<public_id:public_id>/<str:change>/", accounts.account_change, name="account_change"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/add/", agencies.agency_add, name="agency_add"),
    path("agencies/<public_id:public_id>/", agencies.agency_change, name="agency_change"),
]

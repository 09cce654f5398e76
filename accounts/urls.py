"""Pages of accounts and invitations, and of one's own account."""

from django.urls import path

from .views import account, accounts, invitations, resets, sign_on

app_name = "accounts"
urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/letters/", account.letters, name="letters"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/second-steps/", resets.waiting, name="resets"),
    path("accounts/second-steps/propose/<public_id:public_id>/", resets.propose, name="propose_reset"),
    path("accounts/second-steps/<public_id:public_id>/", resets.one, name="reset_proposal"),
    path("accounts/second-steps/<public_id:public_id>/<str:decision>/", resets.decide, name="decide_reset"),
    path("accounts/<public_id:public_id>/", accounts.account_one, name="account_one"),
    path("accounts/<public_id:public_id>/<str:change>/", accounts.account_change, name="account_change"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/act/", invitations.perform, name="invitations_act"),
    path("invitations/new/", invitations.invite, name="invite"),
    path("sign-on/", sign_on.mine, name="sign_on"),
    path("sign-on/link/", sign_on.link, name="link_sign_on"),
    path("sign-on/<slug:provider_id>/unlink/", sign_on.unlink, name="unlink_sign_on"),
]

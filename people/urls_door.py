from django.urls import path

from .views import account, invitations, sign_up

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/letters/", account.letters, name="letters"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/act/", invitations.act, name="invitations_act"),
    path("invitations/new/", invitations.invite, name="invite"),
    path("sign-ups/", sign_up.requests, name="sign_ups"),
    path("sign-ups/<public_id:public_id>/", sign_up.decide, name="sign_up"),
]

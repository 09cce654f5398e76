from django.urls import path

from .views import account, invitations

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/letters/", account.letters, name="letters"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/act/", invitations.act, name="invitations_act"),
    path("invitations/new/", invitations.invite, name="invite"),
]

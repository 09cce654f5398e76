"""The holder's own certificates, and the register."""

from django.urls import path

from . import views

app_name = "certificates"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<str:public_id>.pdf", views.document, name="document"),
    path("<str:public_id>.json", views.credential, name="credential"),
    path("register/", views.certificates_register, name="register"),
    path("register/proposals/", views.waiting_proposals, name="proposals"),
    path("register/proposals/<str:public_id>/", views.proposal, name="proposal"),
    path("register/proposals/<str:public_id>/<slug:decision>/", views.decide, name="decide"),
    path("register/<str:public_id>/", views.one, name="one"),
]

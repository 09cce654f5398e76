"""The holder's own certificates, and the register."""

from django.urls import path

from . import views, views_doubts, views_register

app_name = "certificates"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<public_id:public_id>.pdf", views.document, name="document"),
    path("<public_id:public_id>.json", views.credential, name="credential"),
    path("register/", views_register.certificates, name="register"),
    path("register/export/", views_register.export, name="export"),
    path("register/proposals/", views_register.waiting_proposals, name="proposals"),
    path("register/proposals/<public_id:public_id>/", views_register.proposal, name="proposal"),
    path("register/proposals/<public_id:public_id>/<slug:decision>/", views_register.decide, name="decide"),
    path("register/to-decide/", views_doubts.waiting, name="doubts"),
    path("register/to-decide/<public_id:public_id>/", views_doubts.leave, name="leave_in_force"),
    path("register/<public_id:public_id>/", views_register.one, name="one"),
]

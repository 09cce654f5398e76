"""Pages of the demo alone."""

from django.urls import path

from . import views_demo

app_name = "demo"
urlpatterns = [
    path("mail/", views_demo.mails, name="mails"),
    path("mail/<public_id:key>/", views_demo.mail, name="mail"),
    path("mail/<public_id:key>/html/", views_demo.mail_html, name="mail_html"),
]

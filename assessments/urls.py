"""Addresses of attempts; operations.ids knows the form of public ids."""

from django.urls import path

from . import views

app_name = "assessments"
urlpatterns = [
    path("<public_id:public_id>/appeal/", views.own_appeal.make, name="make_appeal"),
    path("<public_id:public_id>/", views.attempt, name="attempt"),
    path("<public_id:public_id>/close/", views.close, name="close"),
    path("<public_id:public_id>/feedback/", views.feedback, name="feedback"),
    path("<public_id:public_id>/<int:case>/<int:number>/", views.stage, name="stage"),
    path("<public_id:public_id>/<int:case>/<int:number>/answers/", views.answers, name="answers"),
]

from django.urls import path

from . import views

app_name = "assessments"
urlpatterns = [
    path("<str:public_id>/", views.attempt, name="attempt"),
    path("<str:public_id>/close/", views.close, name="close"),
    path("<str:public_id>/feedback/", views.feedback, name="feedback"),
    path("<str:public_id>/<int:case>/<int:number>/", views.stage, name="stage"),
    path("<str:public_id>/<int:case>/<int:number>/answers/", views.answers, name="answers"),
]

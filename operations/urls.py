"""Pages of jobs."""

from django.urls import path

from . import views_jobs

app_name = "jobs"
urlpatterns = [
    path("", views_jobs.mine, name="mine"),
    path("<public_id:public_id>/", views_jobs.one, name="one"),
    path("<public_id:public_id>/file/", views_jobs.download, name="download"),
    path("<public_id:public_id>/take/", views_jobs.take, name="take"),
    path("<public_id:public_id>/discard/", views_jobs.discard, name="discard"),
    path("<public_id:public_id>/cancel/", views_jobs.cancel, name="cancel"),
    path("<public_id:public_id>/restart/", views_jobs.restart, name="restart"),
]

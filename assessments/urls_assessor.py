"""Addresses of assessors' pages."""

from django.urls import path

from .views import assessor

app_name = "assessor"
urlpatterns = [
    path("", assessor.releases, name="releases"),
    path("releases/<public_id:public_id>/", assessor.release, name="release"),
    path("releases/<public_id:public_id>/withdraw/", assessor.withdraw, name="withdraw"),
    path("extra-time/", assessor.extra_times, name="extra_times"),
    path("extra-time/<public_id:public_id>/", assessor.extra_time, name="extra_time"),
]

"""Addresses of assessors' pages."""

from django.urls import path

from .views import appeal_answers, appeals, assessor

app_name = "assessor"
urlpatterns = [
    path("", assessor.releases, name="releases"),
    path("releases/<public_id:public_id>/", assessor.release, name="release"),
    path("releases/<public_id:public_id>/withdraw/", assessor.withdraw, name="withdraw"),
    path("extra-time/", assessor.extra_times, name="extra_times"),
    path("extra-time/<public_id:public_id>/", assessor.extra_time, name="extra_time"),
    path("appeals/", appeals.appeals, name="appeals"),
    path("appeals/<public_id:public_id>/", appeals.appeal, name="appeal"),
    path("appeals/<public_id:public_id>/uphold/", appeals.uphold, name="uphold"),
    path("appeals/<public_id:public_id>/annul/", appeals.annul, name="annul"),
    path("appeals/<public_id:public_id>/answers/", appeal_answers.answers, name="appeal_answers"),
    path("appeals/proposals/<public_id:public_id>/", appeal_answers.proposal, name="appeal_proposal"),
    path(
        "appeals/proposals/<public_id:public_id>/<slug:decision>/",
        appeal_answers.decide,
        name="decide_appeal",
    ),
]

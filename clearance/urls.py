"""Addresses of clearance; operations.ids knows the form of public ids."""

from django.urls import path

from .views import country, decisions, desk, requirements, result

app_name = "clearance"
urlpatterns = [
    path("people/figures/", country.figures, name="figures"),
    path("people/figures/export/", country.export, name="export_figures"),
    path("desk/", desk.desk, name="desk"),
    path("desk/decisions/", decisions.decisions, name="decisions"),
    path("desk/decisions.csv", decisions.decisions_csv, name="decisions_csv"),
    path("desk/<public_id:public_id>/", desk.decision, name="decision"),
    path("rules/", requirements.requirements, name="requirements"),
    path("rules/proposals/<public_id:public_id>/", requirements.proposal, name="requirement_proposal"),
    path(
        "rules/proposals/<public_id:public_id>/<slug:decision>/",
        requirements.decide,
        name="decide_requirement",
    ),
    path("rules/<public_id:public_id>/", requirements.requirement, name="requirement"),
    path("rules/<public_id:public_id>/propose/", requirements.propose, name="propose_requirement"),
    path("attempts/<public_id:public_id>/result/", result.result, name="result"),
]

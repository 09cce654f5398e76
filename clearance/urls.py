"""Addresses of clearance; operations.ids knows the form of public ids."""

from django.urls import path

from .views import (
    country,
    decisions,
    desk,
    evidence,
    functions,
    on_duty,
    overrides,
    paper,
    past,
    requirements,
    result,
    shift,
    staffing,
)

app_name = "clearance"
urlpatterns = [
    path("people/figures/", country.figures, name="figures"),
    path("people/figures/export/", country.export, name="export_figures"),
    path("people/staffing/", staffing.staffing, name="staffing"),
    path("people/staffing/<public_id:public_id>/", staffing.edit, name="staffing_of"),
    path("desk/", desk.desk, name="desk"),
    path("desk/decisions/", decisions.decisions, name="decisions"),
    path("desk/decisions/export/", decisions.export, name="decisions_export"),
    path("desk/decisions/figures/", decisions.figures, name="decision_figures"),
    path("desk/past/", past.past, name="past"),
    path("desk/evidence/", evidence.evidence, name="evidence"),
    path("desk/evidence/check/", evidence.check_evidence, name="check_evidence"),
    path("duty/", on_duty.own, name="own_duty"),
    path("desk/duty/", on_duty.enter, name="enter_duty"),
    path("desk/shift/", shift.shift, name="shift"),
    path("desk/shift/take/", shift.take, name="take_shift"),
    path("desk/shift/export/<slug:form>/", shift.export, name="export_shift"),
    path("desk/overrides/", overrides.listed, name="overrides"),
    path("desk/overrides/<public_id:public_id>/", overrides.one, name="override"),
    path("desk/<public_id:public_id>/override/", overrides.override_decision, name="override_decision"),
    path("desk/<public_id:public_id>/paper.pdf", paper.paper, name="paper"),
    path("desk/<public_id:public_id>/", desk.decision, name="decision"),
    path("rules/", requirements.requirements, name="requirements"),
    path("rules/add/", functions.add, name="add_function"),
    path("rules/functions/<public_id:public_id>/", functions.proposal, name="function_proposal"),
    path("rules/functions/<public_id:public_id>/<slug:decision>/", functions.decide, name="decide_function"),
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

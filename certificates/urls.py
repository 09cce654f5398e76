"""The holder's own certificates, and the register."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import (
    views,
    views_appeals,
    views_corrections,
    views_documents,
    views_doubts,
    views_law,
    views_life,
    views_qualifications,
    views_recognition,
    views_register,
)
from .models import CertificateDocument


class LayoutConverter(StringConverter):
    """Languages of a file; everything else is no address."""

    regex = "|".join(sorted(CertificateDocument.Layout.values, key=len, reverse=True))


register_converter(LayoutConverter, "layout")

app_name = "certificates"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<public_id:public_id>.pdf", views.document, name="document"),
    path("<public_id:public_id>/", views_documents.held, name="held"),
    path("<public_id:public_id>/<layout:layout>.pdf", views.document, name="document_in"),
    path("<public_id:public_id>/<layout:layout>/make/", views_documents.make, name="make_document"),
    path("<public_id:public_id>.json", views.credential, name="credential"),
    path("qualifications/", views_qualifications.qualifications, name="qualifications"),
    path(
        "qualifications/proposals/<public_id:public_id>/",
        views_qualifications.proposal,
        name="qualification_proposal",
    ),
    path(
        "qualifications/proposals/<public_id:public_id>/<slug:decision>/",
        views_qualifications.decide,
        name="decide_rules",
    ),
    path("qualifications/<public_id:public_id>/", views_qualifications.qualification, name="qualification"),
    path("qualifications/<public_id:public_id>/propose/", views_qualifications.propose, name="propose_rules"),
    path("qualifications/<public_id:public_id>/end-older/", views_law.propose_end, name="propose_end"),
    path(
        "qualifications/<public_id:public_id>/keep-older/", views_law.propose_keeping, name="propose_keeping"
    ),
    path("qualifications/ends/<public_id:public_id>/", views_law.end_proposal, name="end_proposal"),
    path(
        "qualifications/ends/<public_id:public_id>/<slug:decision>/", views_law.decide_end, name="decide_end"
    ),
    path("register/", views_register.certificates, name="register"),
    path("register/export/", views_register.export, name="export"),
    path("register/recognise/", views_recognition.recognise, name="recognise"),
    path("register/recognise/<public_id:public_id>/", views_recognition.recognise, name="recognise_one"),
    path("register/recognitions/<public_id:public_id>/", views_recognition.recognition, name="recognition"),
    path(
        "register/recognitions/<public_id:public_id>/<slug:decision>/",
        views_recognition.decide,
        name="decide_recognition",
    ),
    path("register/proposals/", views_life.waiting_proposals, name="proposals"),
    path("register/proposals/<public_id:public_id>/", views_life.proposal, name="proposal"),
    path("register/proposals/<public_id:public_id>/<slug:decision>/", views_life.decide, name="decide"),
    path("register/to-decide/", views_doubts.waiting, name="doubts"),
    path("register/to-decide/<public_id:public_id>/", views_doubts.leave, name="leave_in_force"),
    path("register/to-answer/", views_appeals.waiting, name="to_answer"),
    path("register/complaints/<public_id:public_id>/", views_appeals.complaint, name="complaint"),
    path("register/appeals/<public_id:public_id>/", views_appeals.appeal, name="appeal"),
    path("register/<public_id:public_id>/complaint/", views_appeals.complain, name="complain"),
    path("appeal/<public_id:public_id>/", views_appeals.make_appeal, name="make_appeal"),
    path("corrections/<public_id:public_id>/", views_corrections.correction, name="correction"),
    path(
        "corrections/<public_id:public_id>/<slug:decision>/",
        views_corrections.decide,
        name="decide_correction",
    ),
    path("<public_id:public_id>/correct/<slug:what>/", views_corrections.propose, name="correct"),
    path("register/<public_id:public_id>/", views_register.one, name="one"),
    path(
        "register/<public_id:public_id>/<layout:layout>/make/",
        views_documents.make_for_holder,
        name="make_for_holder",
    ),
    path("register/<public_id:public_id>/<layout:layout>/take/", views_documents.take, name="take_document"),
    path("register/<public_id:public_id>/<slug:slug>/", views_life.act, name="act"),
]

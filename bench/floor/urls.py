"""The product's addresses and those of the floors."""

from django.urls import path

from elearning.urls import handler403, handler404, handler500, urlpatterns

from . import views

__all__ = ["handler403", "handler404", "handler500"]
urlpatterns = [
    path("floor/text/<int:pk>/", views.text),
    path("floor/line/", views.line),
    path("floor/public/<int:pk>/", views.public),
    path("floor/said/", views.said),
    *urlpatterns,
]

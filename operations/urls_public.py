from django.urls import URLPattern

app_name = "operations_public"
urlpatterns: list[URLPattern] = []

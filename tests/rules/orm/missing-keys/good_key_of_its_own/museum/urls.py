from django.urls import path

from museum import views

urlpatterns = [
    path("label/<int:key>", views.label),
]

from django.urls import path

from museum import views

urlpatterns = [
    path("show/<int:key>", views.show),
    path("move/<int:key>", views.move),
    path("edit/<int:key>", views.edit),
]

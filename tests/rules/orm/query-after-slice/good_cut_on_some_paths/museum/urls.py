from django.urls import path

from museum import views

urlpatterns = [
    path("pieces/<int:key>", views.pieces),
    path("none/<int:key>", views.none),
    path("listed/<int:key>", views.listed),
]

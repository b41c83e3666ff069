from django.urls import path

from museum import views

urlpatterns = [
    path("pieces/<int:key>", views.pieces),
    path("shown/<int:key>", views.shown),
    path("purge/<int:key>", views.purge),
    path("first/<int:key>", views.first),
]

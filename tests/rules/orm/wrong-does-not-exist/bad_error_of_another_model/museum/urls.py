from django.urls import path

from museum import views

urlpatterns = [
    path("room/<int:key>", views.room),
    path("piece/<int:key>", views.piece),
    path("newest/<int:key>", views.newest),
]

from django.urls import path

from museum import views

urlpatterns = [
    path("room/<int:key>", views.room),
]

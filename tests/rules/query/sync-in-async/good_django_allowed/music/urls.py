from django.urls import path

from music import views

urlpatterns = [path("albums", views.albums)]

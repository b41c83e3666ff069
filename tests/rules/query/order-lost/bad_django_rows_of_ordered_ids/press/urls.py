from django.urls import path

from press import views

urlpatterns = [path("popular", views.popular), path("newest", views.newest)]

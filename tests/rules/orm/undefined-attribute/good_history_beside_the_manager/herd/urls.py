from django.urls import path

from herd import views

urlpatterns = [path("names/", views.names)]

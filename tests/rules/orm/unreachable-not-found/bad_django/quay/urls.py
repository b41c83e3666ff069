from django.urls import path

from quay import views

urlpatterns = [path("ships/<name>", views.ship), path("ships/<name>/length", views.length)]

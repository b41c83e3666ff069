from django.urls import path

from verse import views

urlpatterns = [path("poems/", views.poems)]

from django.urls import path

from parts import views

urlpatterns = [path("parts", views.parts), path("crates", views.crates)]

from django.urls import path

from shop import views

urlpatterns = [path("orders/<int:key>", views.order), path("tags", views.tags), path("me", views.me)]

from django.urls import path

from articles import views

urlpatterns = [
    path("articles", views.index),
    path("articles/<slug:slug>", views.show),
    path("articles/feed", views.feed),  # expect: framework/route-order
]

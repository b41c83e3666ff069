from django.urls import path

from users import views

urlpatterns = [
    path("users/", views.create),  # expect: framework/django-append-slash error
    path("users/<int:id>/", views.one),
]

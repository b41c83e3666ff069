from django.urls import path

from users import views

urlpatterns = [
    path("users", views.register),
    path("users/login", views.login),
    path("user", views.CurrentUser.as_view()),
]

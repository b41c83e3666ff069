from django.urls import path

from users.views import CurrentUser, UpdateUser

urlpatterns = [
    path("user/<slug:name>", CurrentUser.as_view()),
    path("user/<slug:slug>", UpdateUser.as_view()),  # expect: framework/django-duplicate-path
]

from django.urls import path

from profiles import views

urlpatterns = [
    path("api/profiles/<str:username>/follow", views.follow),
    path("api/profiles/<str:username>/follow", views.unfollow),  # expect: framework/django-duplicate-path error
]

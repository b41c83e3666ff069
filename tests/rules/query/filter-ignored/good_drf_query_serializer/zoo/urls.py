from django.urls import path

from zoo import views

urlpatterns = [
    path("animals", views.Animals.as_view()),
    path("keepers", views.Keepers.as_view()),
    path("zoo", views.zoo),
    path("everything", views.everything),
]

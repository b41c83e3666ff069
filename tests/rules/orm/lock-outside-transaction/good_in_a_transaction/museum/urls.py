from django.urls import path

from museum import views

urlpatterns = [
    path("room/<int:key>", views.room),
    path("decorated/<int:key>", views.decorated),
    path("later/<int:key>", views.later),
    path("visit/<int:key>", views.Visit.as_view()),
]

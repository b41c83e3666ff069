from django.urls import path

from clinic import views

urlpatterns = [
    path("visits", views.VisitList.as_view()),
    path("visits/<int:number>", views.visit),
    path("patients/<uuid:key>", views.patient),
]

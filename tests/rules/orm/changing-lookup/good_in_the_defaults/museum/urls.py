from django.urls import path

from museum import views

urlpatterns = [
    path("show/<int:key>", views.show),
    path("daily/<int:key>", views.daily),
    path("compared/<int:key>", views.compared),
]

from django.urls import path

from museum import views

urlpatterns = [
    path("show/<int:key>", views.show),
    path("handed_on/<int:key>", views.handed_on),
    path("written_elsewhere/<int:key>", views.written_elsewhere),
]

from django.urls import path

from museum import views

urlpatterns = [
    path("show/<int:key>", views.show),
    path("renew/<int:key>", views.renew),
    path("token/<int:key>", views.token),
]

from django.urls import path

from museum import views

urlpatterns = [
    path("code/<int:key>", views.code),
]

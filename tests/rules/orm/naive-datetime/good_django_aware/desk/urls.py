from django.urls import path

from desk import views

urlpatterns = [path("tickets", views.tickets), path("tickets/<int:number>", views.ticket)]

from django.urls import path

urlpatterns = [path("parcels", lambda request: None)]

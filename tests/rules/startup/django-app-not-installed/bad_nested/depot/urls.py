from django.urls import include, path

urlpatterns = [path("boxes/", include("depot.apps.boxes.urls"))]

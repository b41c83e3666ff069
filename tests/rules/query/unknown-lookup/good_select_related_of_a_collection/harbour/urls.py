from django.urls import path

from harbour.views import berths, ships

urlpatterns = [path("ships", ships), path("berths", berths)]

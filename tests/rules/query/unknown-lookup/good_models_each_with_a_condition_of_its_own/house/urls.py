from django.urls import path

from shelf.views import written

urlpatterns = [path("written/<int:kitchen>", written)]

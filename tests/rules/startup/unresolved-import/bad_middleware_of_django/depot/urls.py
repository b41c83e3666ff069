from django.urls import path

from depot.views import show

urlpatterns = [path("crates", show)]

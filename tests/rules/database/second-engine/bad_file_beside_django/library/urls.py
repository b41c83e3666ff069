from django.urls import path

from library.views import borrow

urlpatterns = [path("borrow", borrow)]

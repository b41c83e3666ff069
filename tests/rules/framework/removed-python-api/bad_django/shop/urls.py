from django.conf.urls import url  # expect: framework/removed-python-api

from shop import views

urlpatterns = [url(r"^orders/$", views.orders)]

from django.urls import path

from blog.views import articles

urlpatterns = [path("articles/<str:name>", articles)]

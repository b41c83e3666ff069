from django.urls import path

from shop.thumbnail.views import thumbnail

urlpatterns = [path("thumbnails/<int:pk>", thumbnail)]

from django.urls import path

from recipes.views import cooks, listed, newest

urlpatterns = [path("recipes", listed), path("newest", newest), path("cooks", cooks)]

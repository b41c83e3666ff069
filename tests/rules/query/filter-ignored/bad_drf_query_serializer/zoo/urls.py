from django.urls import path

from zoo.views import Animals, Keepers

urlpatterns = [path("animals", Animals.as_view()), path("keepers", Keepers.as_view())]

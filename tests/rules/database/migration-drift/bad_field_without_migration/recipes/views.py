from rest_framework import generics

from recipes.models import Recipe


class RecipeList(generics.ListAPIView):
    queryset = Recipe.objects.order_by("servings")

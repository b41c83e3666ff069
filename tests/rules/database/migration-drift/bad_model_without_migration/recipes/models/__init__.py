from recipes.models.recipe import Recipe
from recipes.models.step import Step

__all__ = ["Recipe", "Step"]

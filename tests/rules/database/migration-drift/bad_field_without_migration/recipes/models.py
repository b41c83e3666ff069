from django.conf import settings
from django.db import models


class Recipe(models.Model):
    title = models.CharField(max_length=80)
    created = models.DateTimeField(auto_now_add=True)
    servings = models.PositiveIntegerField(default=4)  # expect: database/migration-drift error
    cook = models.ForeignKey(  # expect: database/migration-drift error
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recipes"
    )
    liked_by = models.ManyToManyField(  # expect: database/migration-drift error
        settings.AUTH_USER_MODEL, related_name="liked_recipes"
    )

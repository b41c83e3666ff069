from django.db import models


class Dish(models.Model):
    title = models.CharField(max_length=80)
    created = models.DateTimeField(auto_now_add=True)
    servings = models.PositiveIntegerField(default=4)
    source = models.URLField(null=True)  # expect: database/migration-drift error

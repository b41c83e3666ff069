from django.db import models


class Step(models.Model):  # expect: database/migration-drift error
    recipe = models.ForeignKey("recipes.Recipe", on_delete=models.CASCADE)
    text = models.TextField()

from django.db import models


class Draft(models.Model):
    """Nothing imports this module: Django does not know the model."""

    text = models.TextField()

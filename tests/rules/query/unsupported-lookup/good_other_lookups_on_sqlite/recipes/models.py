from django.db import models


class Cook(models.Model):
    name = models.CharField(max_length=80)


class Recipe(models.Model):
    cook = models.ForeignKey(Cook, on_delete=models.CASCADE, related_name="recipes")
    title = models.CharField(max_length=80)
    tags = models.JSONField(default=list)

from django.db import models


class Writer(models.Model):
    name = models.CharField(max_length=80)


class Book(models.Model):
    title = models.CharField(max_length=200)
    writer = models.ForeignKey(Writer, on_delete=models.CASCADE, related_name="books")
    extra = models.JSONField(default=dict)

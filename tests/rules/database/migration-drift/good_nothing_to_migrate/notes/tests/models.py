from django.db import models


class Sample(models.Model):
    text = models.TextField()

    class Meta:
        app_label = "notes"

from django.db import models


class Stamped(models.Model):
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Audit(models.Model):
    said = models.TextField()

    class Meta:
        app_label = "boxes"

from django.db import models


class Stamped(models.Model):
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)  # expect: database/migration-drift error

    class Meta:
        abstract = True

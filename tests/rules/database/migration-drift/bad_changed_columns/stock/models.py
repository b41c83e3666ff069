from django.db import models


class Part(models.Model):
    code = models.CharField(max_length=64)  # expect: database/migration-drift error
    weight = models.DecimalField(max_digits=8, decimal_places=3)  # expect: database/migration-drift error
    notes = models.TextField(blank=True)  # expect: database/migration-drift error
    arrived = models.DateField(null=True)  # expect: database/migration-drift error
    shelf = models.SlugField(max_length=20)
    amount = models.PositiveIntegerField(default=0)

from django.db import models


class Repository(models.Model):
    name = models.CharField(max_length=80, unique=True)

    def refresh(self):
        from mirror.packages.tasks.repository import synchronize

        synchronize(self.pk)

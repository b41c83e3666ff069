from django.db import models

from shared.stamps import Audit, Stamped


class Box(Stamped):
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE)

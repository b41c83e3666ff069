from django.db import models
from django.utils.translation import ugettext_lazy as _  # expect: framework/removed-python-api


class Order(models.Model):
    number = models.IntegerField(_("number"))
    placed = models.DateTimeField()

    class Meta:
        index_together = [("number", "placed")]  # expect: framework/removed-python-api

from clinic.common.models import Stamped
from django.db import models


class Patient(Stamped):
    name = models.CharField(max_length=100)


class Visit(Stamped):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE)
    updated_by = models.CharField(max_length=100)

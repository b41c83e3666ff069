import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    phone = models.CharField(max_length=20, blank=True)


class Ward(models.Model):
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=40)


class Doctor(models.Model):
    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, to_field="code")


class Surgeon(Doctor):
    grade = models.IntegerField(default=1)


class Patient(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=80)
    doctors = models.ManyToManyField(Doctor, related_name="patients")


class Visit(models.Model):
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="visits")
    doctor = models.ForeignKey(Doctor, on_delete=models.CASCADE, related_name="visits")
    booked_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="bookings")
    place = models.ForeignKey(Ward, on_delete=models.CASCADE)


class Note(models.Model):
    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=40)
    legacy_number = models.IntegerField(null=True)

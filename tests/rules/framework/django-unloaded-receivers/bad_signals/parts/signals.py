from django.db.models.signals import post_save
from django.dispatch import receiver

from parts.models import Part


@receiver(post_save, sender=Part)  # expect: framework/django-unloaded-receivers
def part_saved(sender, instance, **kwargs):
    print("saved", instance.pk)


@receiver(post_save, sender=Part)
def part_told(sender, instance, **kwargs):
    print("told", instance.pk)

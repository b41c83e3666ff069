from django.core import signals
from django.dispatch import dispatcher


@dispatcher.receiver(signals.request_finished)  # expect: framework/django-unloaded-receivers
def finished(**kwargs):
    print("finished")

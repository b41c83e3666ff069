from rest_framework import generics

from log.models import Entry
from log.serializers import EntrySerializer


class Entries(generics.ListAPIView):
    serializer_class = EntrySerializer

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Entry.objects.none()
        return Entry.objects.select_related("session").order_by("id")

from rest_framework import generics

from log.models import Entry
from log.serializers import EntrySerializer


class Entries(generics.ListAPIView):
    queryset = Entry.objects.all()
    serializer_class = EntrySerializer

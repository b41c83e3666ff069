from rest_framework import generics

from choir.models import Song
from choir.serializers import SongSerializer


class Songs(generics.ListAPIView):
    queryset = Song.objects.filter(title__startswith="A")
    serializer_class = SongSerializer

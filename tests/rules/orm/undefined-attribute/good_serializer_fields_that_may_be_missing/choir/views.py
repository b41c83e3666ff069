from rest_framework import generics

from choir.models import Song
from choir.serializers import SongSerializer


class Songs(generics.ListCreateAPIView):
    queryset = Song.objects.all()
    serializer_class = SongSerializer

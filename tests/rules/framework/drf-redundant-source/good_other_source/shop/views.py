from rest_framework import serializers
from rest_framework.generics import ListAPIView

SOURCE = "name"


class ProfileSerializer(serializers.Serializer):
    name = serializers.CharField(source="user.name")
    bio = serializers.CharField()
    everything = serializers.JSONField(source="*")
    dynamic = serializers.CharField(source=SOURCE)


class Profiles(ListAPIView):
    serializer_class = ProfileSerializer

from rest_framework import serializers

from choir.models import Song


class VerseSerializer(serializers.Serializer):
    text = serializers.CharField()


class SongSerializer(serializers.ModelSerializer):
    verses = VerseSerializer(many=True, required=False)
    refrain = VerseSerializer(default=None)

    class Meta:
        model = Song
        fields = ["title", "verses", "refrain"]

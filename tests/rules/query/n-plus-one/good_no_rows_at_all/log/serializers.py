from rest_framework import serializers

from log.models import Entry, Session


class SessionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Session
        fields = ["id", "notes"]


class EntrySerializer(serializers.ModelSerializer):
    session = SessionSerializer()

    class Meta:
        model = Entry
        fields = ["id", "text", "session"]

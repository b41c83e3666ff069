from rest_framework import serializers

from log.models import Entry, Session


class OwnSessionField(serializers.PrimaryKeyRelatedField):
    def get_queryset(self):
        return Session.objects.exclude(notes="")


class EntrySerializer(serializers.ModelSerializer):
    session = OwnSessionField()

    class Meta:
        model = Entry
        fields = ["id", "text", "session"]

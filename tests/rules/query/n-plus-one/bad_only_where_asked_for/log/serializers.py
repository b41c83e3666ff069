from rest_framework import serializers

from log.models import Entry, Remark


class EntrySerializer(serializers.ModelSerializer):
    remarks = serializers.SerializerMethodField()  # expect: query/n-plus-one warning

    class Meta:
        model = Entry
        fields = ["id", "text", "remarks"]

    def get_remarks(self, entry):
        if "remarks" in self.context:
            return [one.text for one in Remark.objects.filter(entry=entry)]
        return []

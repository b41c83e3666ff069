from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from zoo import selectors
from zoo.models import Keeper


class AnimalQuery(serializers.Serializer):
    name = serializers.CharField(required=False)
    kind = serializers.CharField(source="species", required=False)
    keeper = serializers.CharField(required=False)  # expect: query/filter-ignored


class KeeperQuery(serializers.Serializer):
    name = serializers.CharField(required=False)
    animalName = serializers.CharField(required=False)  # expect: query/filter-ignored


class Animals(APIView):
    def get(self, request):
        query = AnimalQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = selectors.animals(selectors.Wanted(**query.validated_data))
        return Response([animal.name for animal in found[:50]])


class Keepers(APIView):
    def get(self, request):
        query = KeeperQuery(data=request.GET)
        query.is_valid(raise_exception=True)
        data = query.validated_data
        found = Keeper.objects.order_by("name")
        if "name" in data:
            found = found.filter(name=data["name"])
        if data.get("animal_name"):
            found = found.filter(animals__name=data["animal_name"])
        return Response([keeper.name for keeper in found[:50]])

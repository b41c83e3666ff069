from django import forms
from django.http import JsonResponse
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from zoo.models import Animal, Keeper


class AnimalQuery(serializers.Serializer):
    name = serializers.CharField(required=False)
    kind = serializers.CharField(source="species", required=False)
    shape = serializers.CharField(read_only=True)


class KeeperQuery(serializers.Serializer):
    name = serializers.CharField(required=False)
    first = serializers.CharField(required=False)
    last = serializers.CharField(required=False)

    def validate(self, attrs):
        attrs["name"] = attrs.get("name") or f"{attrs.get('first')} {attrs.get('last')}"
        return attrs


class AnimalForm(forms.Form):
    species = forms.CharField(required=False)


class EverythingQuery(serializers.ModelSerializer):
    class Meta:
        model = Animal
        fields = ["species"]


class Animals(APIView):
    """Renamed on the way to the model's names."""

    def get(self, request):
        query = AnimalQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = Animal.objects.filter(**query.validated_data)
        return Response([animal.name for animal in found[:50]])


class Keepers(APIView):
    """The checks make one value of several."""

    def get(self, request):
        query = KeeperQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = Keeper.objects.filter(name=query.validated_data["name"])
        return Response([keeper.name for keeper in found[:50]])


def zoo(request):
    """A form takes the query string as a whole."""
    form = AnimalForm(request.GET)
    found = Animal.objects.order_by("name")
    if form.is_valid() and form.cleaned_data["species"]:
        found = found.filter(species=form.cleaned_data["species"])
    return JsonResponse({"animals": [animal.name for animal in found[:50]]})


def everything(request):
    """A serializer whose fields the model gives."""
    query = EverythingQuery(data=request.GET)
    query.is_valid(raise_exception=True)
    found = Animal.objects.filter(species=query.validated_data["species"])
    return JsonResponse({"animals": [animal.name for animal in found[:50]]})

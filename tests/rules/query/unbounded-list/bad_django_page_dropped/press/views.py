from django.db.models import Count
from rest_framework import generics
from rest_framework.decorators import api_view
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.response import Response
from rest_framework.views import APIView

from press.models import Letter, Section, Story
from press.serializers import LetterSerializer, SectionSerializer, StorySerializer


def with_letters(stories):
    shown = Story.objects.filter(pk__in=stories.values("pk"))
    return shown.annotate(letter_count=Count("letters")).order_by("-pk")


class Stories(generics.ListAPIView):
    queryset = Story.objects.order_by("-pk")
    serializer_class = StorySerializer


class Feed(APIView):
    def get(self, request):
        stories = with_letters(Story.objects.filter(writer__readers__reader=request.user))
        data = StorySerializer(stories, many=True).data  # expect: query/unbounded-list
        return Response({"stories": data, "total": stories.count()})


class Archive(generics.ListAPIView):
    queryset = Story.objects.annotate(letter_count=Count("letters")).order_by("pk")
    serializer_class = StorySerializer

    def list(self, request):
        stories = self.get_queryset()
        return Response(StorySerializer(stories, many=True).data)  # expect: query/unbounded-list


@api_view(["GET"])
def popular(request):
    limit = request.query_params.get("limit")
    stories = Story.objects.annotate(number=Count("letters")).order_by("-number")
    return Response({
        "limit": limit,
        "stories": StorySerializer(stories, many=True).data,  # expect: query/unbounded-list
    })


class Sections(generics.ListAPIView):
    pagination_class = None
    queryset = Section.objects.order_by("name")
    serializer_class = SectionSerializer


class Letters(generics.ListAPIView):
    serializer_class = LetterSerializer
    pagination_class = LimitOffsetPagination

    def get_queryset(self):
        return Letter.objects.filter(story_id=self.kwargs["story"])

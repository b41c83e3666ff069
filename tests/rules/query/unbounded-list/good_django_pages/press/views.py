from django.core.paginator import Paginator
from django.db.models import Count
from rest_framework import generics
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.views import APIView

from press.models import Letter, Section, Story
from press.serializers import LetterSerializer, SectionSerializer, StorySerializer


def newest(stories):
    return Story.objects.filter(pk__in=stories.values("pk")).order_by("-pk")


class Stories(generics.ListAPIView):
    queryset = Story.objects.order_by("-pk")
    serializer_class = StorySerializer


class Feed(generics.ListAPIView):
    """Pages of its own making; the framework's idiom for both ways."""

    serializer_class = StorySerializer

    def get_queryset(self):
        return newest(Story.objects.filter(writer__readers__reader=self.request.user))

    def list(self, request):
        stories = self.get_queryset()
        page = self.paginate_queryset(stories)
        if page is not None:
            return self.get_paginated_response(StorySerializer(page, many=True).data)
        return Response(StorySerializer(stories, many=True).data)


class Archive(APIView):
    def get(self, request):
        pages = Paginator(Story.objects.order_by("pk"), 50)
        page = pages.get_page(request.query_params.get("page"))
        return Response(StorySerializer(page.object_list, many=True).data)


@api_view(["GET"])
def popular(request):
    """The first few."""
    stories = Story.objects.annotate(number=Count("letters")).order_by("-number")
    latest = Letter.objects.order_by("-pk")[:5]
    return Response({
        "stories": StorySerializer(stories[:10], many=True).data,
        "letters": LetterSerializer(latest, many=True).data,
    })


class Sections(generics.ListAPIView):
    """A small table that is paged nowhere."""

    pagination_class = None
    queryset = Section.objects.annotate(number=Count("stories")).order_by("name")
    serializer_class = SectionSerializer


class Letters(APIView):
    """What belongs to one object, directly and by way of keys."""

    def get(self, request, story):
        letters = Letter.objects.filter(story_id=story)
        mine = newest(Story.objects.filter(writer=request.user, section__name="news"))
        return Response({
            "letters": LetterSerializer(letters, many=True).data,
            "mine": StorySerializer(mine, many=True).data,
        })

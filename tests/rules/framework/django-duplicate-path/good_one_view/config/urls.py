from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView


class Follow(APIView):
    def post(self, request, username):
        return Response({})

    def delete(self, request, username):
        return Response({})


class Article(APIView):
    def get(self, request, **key):
        return Response(key)


class Other(APIView):
    def get(self, request, **key):
        return Response(key)


urlpatterns = [
    path("profiles/<str:username>/follow", Follow.as_view(), name="follow"),
    path("profiles/<str:username>/follow", Follow.as_view(), name="unfollow"),
    path("articles/<int:pk>", Article.as_view()),
    path("articles/<slug:slug>", Other.as_view()),
    path("articles", Article.as_view()),
    path("articles/", Other.as_view()),
]

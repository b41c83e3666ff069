from rest_framework.response import Response
from rest_framework.views import APIView


class CurrentUser(APIView):
    def get(self, request, name):
        return Response({})


class UpdateUser(APIView):
    def put(self, request, slug):
        return Response({})

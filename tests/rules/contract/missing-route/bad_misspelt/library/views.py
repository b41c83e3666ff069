from rest_framework.response import Response
from rest_framework.views import APIView


class BookList(APIView):
    def get(self, request):
        return Response([])


class Favourite(APIView):
    def post(self, request, isbn):
        return Response({"isbn": isbn})


class LoanList(APIView):
    def get(self, request):
        return Response([])

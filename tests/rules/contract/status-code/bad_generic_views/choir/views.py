from rest_framework import generics, status
from rest_framework.response import Response
from rest_framework.views import APIView


class SingerList(generics.ListCreateAPIView):  # expect: contract/status-code
    pass


class SingerDetail(generics.RetrieveDestroyAPIView):
    def destroy(self, request, *args, **kwargs):
        self.get_object().delete()
        return Response({"removed": True})  # expect: contract/status-code


class VoiceList(APIView):
    def get(self, request):
        return Response([])

    def post(self, request):
        if not request.data:
            return Response({"errors": {}}, status=status.HTTP_400_BAD_REQUEST)
        return Response(request.data)  # expect: contract/status-code

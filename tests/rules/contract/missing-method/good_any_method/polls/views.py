from django.http import JsonResponse
from django.views import View
from vendored_views import CollectionView


def polls(request):
    if request.method == "POST":
        return JsonResponse({}, status=201)
    return JsonResponse({"polls": []})


class Poll(View):
    def get(self, request, number):
        return JsonResponse({"id": number})


class Votes(CollectionView):
    def get(self, request):
        return JsonResponse({"votes": []})

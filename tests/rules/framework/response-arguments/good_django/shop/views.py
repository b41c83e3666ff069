from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse

OPTIONS = {"status_code": 201}


class Answer(JsonResponse):
    def __init__(self, data, status_code=200):
        super().__init__(data, status=status_code)


def add(request):
    return Answer({"added": True}, status_code=201)


def listing(request):
    return JsonResponse([{"key": 1}], safe=False)


def change(request):
    return JsonResponse({"changed": True}, DjangoJSONEncoder, status=202)


def text(request):
    return HttpResponse("added", "text/plain", 201)


def other(request, data):
    return JsonResponse(data, **OPTIONS)

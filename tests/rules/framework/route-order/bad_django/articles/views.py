from django.http import JsonResponse


def index(request):
    return JsonResponse({})


def show(request, slug):
    return JsonResponse({"slug": slug})


def feed(request):
    return JsonResponse({})

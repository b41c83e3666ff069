from django.http import JsonResponse


def boxes(request):
    return JsonResponse([], safe=False)


def box(request, number):
    return JsonResponse({})


def stock(request):
    return JsonResponse({})

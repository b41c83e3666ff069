from django.http import JsonResponse


def show(request):
    return JsonResponse({"crates": []})

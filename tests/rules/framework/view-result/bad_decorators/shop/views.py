from django.http import JsonResponse

from shop.guards import logged, signed_in


@signed_in
def orders(request):
    return JsonResponse({})


@logged
def tags(request):
    return JsonResponse({})

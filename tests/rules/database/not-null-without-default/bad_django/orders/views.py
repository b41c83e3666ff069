from django.http import JsonResponse

from orders.models import Order


def list_orders(request):
    return JsonResponse({"orders": list(Order.objects.values("id", "number")[:20])})

from django.http import JsonResponse
from django.views import View


def orders(request):
    return {"orders": []}  # expect: framework/view-result


class Order(View):
    def get(self, request, key):
        return JsonResponse({"key": key})

    def delete(self, request, key):
        print(key)  # expect: framework/view-result

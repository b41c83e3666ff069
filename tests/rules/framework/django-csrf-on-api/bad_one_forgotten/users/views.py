import json

from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from users.tokens import user_of


@csrf_exempt
@require_POST
def register(request):
    return JsonResponse(json.loads(request.body), status=201)


@require_POST
def login(request):  # expect: framework/django-csrf-on-api error
    return JsonResponse({"token": json.loads(request.body)["email"]})


@method_decorator(csrf_exempt, name="dispatch")
class CurrentUser(View):
    def put(self, request):
        return JsonResponse({"user": user_of(request), **json.loads(request.body)})

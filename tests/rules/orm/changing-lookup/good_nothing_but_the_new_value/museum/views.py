import secrets

from django.http import JsonResponse

from museum.models import Keyword


def code(request, key):
    created = False
    while not created:
        keyword, created = Keyword.objects.get_or_create(text=secrets.token_hex(8))
    return JsonResponse({"code": keyword.text})

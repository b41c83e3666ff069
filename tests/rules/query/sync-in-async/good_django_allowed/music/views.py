from django.http import JsonResponse

from music import selectors


async def albums(request):
    return JsonResponse({"albums": [album.title for album in selectors.newest()[:20]]})

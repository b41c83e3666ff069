from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views import View

from music import selectors
from music.models import Album


async def albums(request):
    found = selectors.newest()[:20]
    titles = [album.title for album in found]  # expect: query/sync-in-async
    return JsonResponse({"albums": titles, "total": await selectors.newest().acount()})


class AlbumView(View):
    async def get(self, request, number):
        album = self.find(number)  # expect: query/sync-in-async
        album.plays += 1
        await album.asave()
        return JsonResponse({"title": album.title})

    async def delete(self, request, number):
        album = await Album.objects.aget(pk=number)
        album.delete()  # expect: query/sync-in-async
        return JsonResponse({})

    def find(self, number):
        return get_object_or_404(Album, pk=number)


async def text(request, number):
    album = await Album.objects.filter(pk=number).afirst()
    name = album.band.name  # expect: query/sync-in-async
    return JsonResponse({"text": f"{album.title} by {name}"})


async def band(request, number):
    try:
        found = selectors.band(number)  # expect: query/sync-in-async
    except Exception:
        return JsonResponse({}, status=404)
    names = [album.title async for album in found.albums.all()]
    return JsonResponse({"name": found.name, "albums": names})

import asyncio

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.http import JsonResponse
from django.shortcuts import aget_object_or_404
from django.views import View

from music import selectors
from music.models import Album, Band

find_band = sync_to_async(selectors.band)


@sync_to_async
def count_plays(number):
    album = Album.objects.get(pk=number)
    album.plays += 1
    album.save()
    return album


async def albums(request):
    """The async methods, and query sets that nobody takes rows of."""
    found = selectors.newest().filter(plays__gt=0)[:20]
    titles = [album.title async for album in found]
    names = []
    async for album in selectors.newest()[:5]:
        names.append(album.band.name)
    known = await selectors.newest().aexists()
    latest = await sync_to_async(list)(selectors.newest()[:3])
    return JsonResponse({"albums": titles, "names": names, "known": known, "new": len(latest)})


class AlbumView(View):
    async def get(self, request, number):
        """Functions that run in a thread."""
        album = await sync_to_async(selectors.album)(number)
        again = await asyncio.to_thread(selectors.album, number)
        counted = await count_plays(number)
        mine = await self.find(number)
        later = await sync_to_async(lambda: Album.objects.count())()
        both = await asyncio.gather(
            sync_to_async(selectors.album)(number), sync_to_async(Album.objects.get)(pk=number)
        )
        return JsonResponse({
            "titles": [album.title, again.title, counted.title, mine.title], "later": later,
            "both": len(both),
        })

    async def put(self, request, number):
        def rename():
            album = Album.objects.get(pk=number)
            album.title = request.POST["title"]
            album.save()

        await sync_to_async(rename)()
        return JsonResponse({})

    @database_sync_to_async
    def find(self, number):
        return Album.objects.get(pk=number)


async def text(request, number):
    album = await aget_object_or_404(Album.objects.select_related("band"), pk=number)
    band = await Band.objects.aget(pk=album.band_id)
    album.plays += 1
    await album.asave()
    return JsonResponse({"text": f"{album.title} by {album.band.name}, {band.name}"})


def band(request, number):
    """A plain view."""
    found = selectors.band(number)
    return JsonResponse({"name": found.name, "albums": found.albums.count()})


async def warm():
    found = await find_band(1)
    return found.name

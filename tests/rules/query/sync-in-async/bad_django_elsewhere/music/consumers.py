import asyncio

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.shortcuts import get_object_or_404

from music.models import Album, Band


class Plays(AsyncJsonWebsocketConsumer):
    async def listed(self):
        albums = Album.objects.filter(plays__gt=0)
        for album in albums:  # expect: query/sync-in-async
            await self.send_json({"title": album.title})

    async def named(self, number):
        band = get_object_or_404(Band, pk=number)  # expect: query/sync-in-async
        await self.send_json({"name": band.name})

    async def counted(self):
        total = Album.objects.filter(plays=0).order_by("title").count()  # expect: query/sync-in-async
        await self.send_json({"total": total})

    async def played(self, number):
        album = await Album.objects.aget(pk=number)
        album.plays += 1
        album.save()  # expect: query/sync-in-async

    async def all(self):
        titles = list(Album.objects.values_list("title", flat=True))  # expect: query/sync-in-async
        await self.send_json({"titles": titles})

    async def founded(self, name):
        band = Band(name=name)
        band.save()  # expect: query/sync-in-async
        await self.send_json({"id": band.pk})


async def refreshed():
    while True:
        await asyncio.sleep(60)
        Album.objects.filter(plays=0).update(plays=1)  # expect: query/sync-in-async

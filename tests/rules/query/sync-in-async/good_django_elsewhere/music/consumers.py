import asyncio

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.shortcuts import get_object_or_404

from music.forms import album_form
from music.models import Album, Band
from music.stores import Store


class Plays(AsyncJsonWebsocketConsumer):
    async def listed(self):
        albums = Album.objects.filter(plays__gt=0)
        async for album in albums:
            await self.send_json({"title": album.title, "sql": str(albums.query)})
        titles = [album.title async for album in Album.objects.all()]
        await self.send_json({"titles": titles})

    async def named(self, number):
        band = await sync_to_async(get_object_or_404)(Band, pk=number)
        await self.send_json({"name": band.name})

    async def counted(self):
        total = await sync_to_async(lambda: Album.objects.filter(plays=0).count())()
        first = await asyncio.to_thread(Album.objects.first)
        await self.send_json({"total": total, "first": first.title})

    async def fetched_once(self):
        albums = Album.objects.filter(plays=0)
        albums = await sync_to_async(list)(albums)
        for album in albums:
            await self.send_json({"title": album.title, "of": len(albums)})

    async def played(self, number):
        album = await Album.objects.aget(pk=number)
        album.plays += 1
        await album.asave()

        @sync_to_async
        def stored():
            album.save()
            return [one.pk for one in Album.objects.all()]

        def work():
            return Album.objects.get(pk=number)

        await asyncio.to_thread(work)
        return await stored()

    @database_sync_to_async
    def member(self, number):
        return Band.objects.get(pk=number)

    async def kept_elsewhere(self, content, stores: dict):
        stores.get(content["name"])
        store = Store.open(content["name"])
        store.objects.get(content["name"])
        form = album_form(content)
        form.save(commit=False)
        return store.objects.count()

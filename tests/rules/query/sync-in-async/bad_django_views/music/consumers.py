from channels.generic.websocket import AsyncJsonWebsocketConsumer

from music import selectors


class Plays(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content):
        found = selectors.album(content["album"])  # expect: query/sync-in-async
        await self.send_json({"title": found.title})

import asyncio
from contextlib import asynccontextmanager

from app.models import User
from app.repositories import UserRepository


class UserService:
    def __init__(self, users: UserRepository, queue) -> None:
        self.users = users
        self.queue = queue
        self.pending = []

    async def pair(self, one: str, two: str):
        return await asyncio.gather(self.users.by_email(one), self.users.by_email(two))

    async def several(self, emails):
        return await asyncio.gather(*[self.users.by_email(email) for email in emails])

    async def later(self, user: User):
        task = asyncio.create_task(self.users.save(user))
        coroutine = self.users.all()
        self.pending.append(self.users.exists("a"))
        self.queue.put(self.users.exists("b"))
        found = await coroutine
        await task
        return found

    async def either(self, email: str | None):
        found = self.users.by_email(email) if email else None
        if found:
            return await found
        return None

    def lookup(self, email: str):
        return self.users.by_email(email)

    async def show(self, email: str):
        user = await self.lookup(email)
        return user.username if user else None

    async def in_turn(self, emails):
        for pending in asyncio.as_completed([self.users.by_email(email) for email in emails]):
            yield await pending

    async def bounded(self, email: str):
        return await asyncio.wait_for(self.users.by_email(email), timeout=3)

    def blocking(self, email: str):
        return asyncio.run(self.users.by_email(email))

    async def any(self, email: str):
        async with asyncio.TaskGroup() as group:
            group.create_task(self.users.exists(email))
        return (yield)

    @asynccontextmanager
    async def transaction(self):
        yield self.users

    async def inside(self):
        async with self.transaction() as users:
            return await users.all()

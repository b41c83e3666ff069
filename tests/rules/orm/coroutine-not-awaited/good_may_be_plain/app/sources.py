from app.runtime import synchronous


class Source:
    async def read(self):
        return []

    async def rows(self):
        yield 1


class Cached(Source):
    def read(self):
        return [1]


class Client:
    @synchronous
    async def fetch(self):
        return {"a": 1}

    async def close(self):
        return None

from app.sources import Client, Source


def total(source: Source):
    return len(source.read())


def first(client: Client):
    return client.fetch()["a"]


async def rows(source: Source):
    return [row async for row in source.rows()]


async def switched(source, client: Client):
    found = client.close()
    found = await source.load()
    return found.value


def handed(client: Client):
    value = client.close()
    return lambda: value

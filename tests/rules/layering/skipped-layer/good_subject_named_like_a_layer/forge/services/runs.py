from forge.repositories import runs as stored


async def one(session, id: int):
    return await stored.find(session, id)

from forge.repositories import keys as stored


async def one(session, id: int):
    return await stored.find(session, id)

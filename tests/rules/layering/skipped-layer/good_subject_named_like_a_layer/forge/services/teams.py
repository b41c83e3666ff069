from forge.repositories import teams as stored


async def one(session, id: int):
    return await stored.find(session, id)

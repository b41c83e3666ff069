from forge.repositories import tasks as stored


async def one(session, id: int):
    return await stored.find(session, id)

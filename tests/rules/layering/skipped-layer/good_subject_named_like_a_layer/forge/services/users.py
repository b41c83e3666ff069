from forge.repositories import users as stored


async def one(session, id: int):
    return await stored.find(session, id)

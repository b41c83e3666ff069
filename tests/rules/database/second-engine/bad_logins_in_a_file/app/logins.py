import aiosqlite

PATH = "logins.db"


async def record(user_id):
    async with aiosqlite.connect(PATH) as connection:  # expect: database/second-engine error
        await connection.execute("INSERT INTO logins (user_id) VALUES (?)", (user_id,))
        await connection.commit()

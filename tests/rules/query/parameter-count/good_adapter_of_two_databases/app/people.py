from app.storage import connect


async def find(url: str, name: str):
    connection = await connect(url)
    await connection.rows("INSERT OR IGNORE INTO people (name) VALUES (?)", (name,))
    return await connection.rows("SELECT id FROM people WHERE name = ? AND age > ?", (name, 3))

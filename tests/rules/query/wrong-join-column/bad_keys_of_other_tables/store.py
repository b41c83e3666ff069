import aiosqlite


async def by_tag(connection: aiosqlite.Connection, tag: str):
    return await connection.execute_fetchall(
        "SELECT a.title FROM articles a "
        "JOIN article_tags at ON at.article_id = a.id "
        "JOIN tags t ON t.id = at.article_id "  # expect: query/wrong-join-column
        "WHERE t.name = ?",
        (tag,),
    )


async def by_author(connection: aiosqlite.Connection, author: str):
    sql = "SELECT a.title FROM articles a"
    sql += " JOIN users u ON a.author_id = u.username"  # expect: query/wrong-join-column
    sql += " WHERE u.username = ?"
    return await connection.execute_fetchall(sql, (author,))


async def tagged(connection: aiosqlite.Connection):
    return await connection.execute_fetchall(
        "SELECT u.username FROM users u WHERE EXISTS ("
        "SELECT 1 FROM articles a, article_tags at "
        "WHERE at.tag_id = a.id)"  # expect: query/wrong-join-column
    )

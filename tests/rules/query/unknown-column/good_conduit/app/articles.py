import sqlite3


def listed(connection: sqlite3.Connection, viewer, tag=None, author=None, favorited=None):
    joins, conditions, values = [], [], []
    if tag:
        joins.append("JOIN tags t ON t.article_id = a.id")
        conditions.append("t.name = ?")
        values.append(tag)
    if author:
        conditions.append("u.username = ?")
        values.append(author)
    if favorited:
        joins.append("JOIN favorites f ON f.article_id = a.id JOIN users fu ON fu.id = f.user_id")
        conditions.append("fu.username = ?")
        values.append(favorited)
    sql = "SELECT a.slug, a.body, u.username AS author, "
    sql += "(SELECT COUNT(*) FROM favorites x WHERE x.article_id = a.id) AS favorites_count, "
    sql += "EXISTS(SELECT 1 FROM favorites WHERE user_id = ? AND article_id = a.id) AS favorited "
    sql += "FROM articles a JOIN users u ON u.id = a.author_id " + " ".join(joins)
    if conditions:
        sql += " WHERE " + " AND ".join(conditions)
    sql += " GROUP BY a.id HAVING favorites_count >= 0 ORDER BY created_at DESC, favorites_count"
    return connection.execute(sql, [viewer, *values]).fetchall()


def names(connection: sqlite3.Connection):
    return connection.execute(
        "SELECT name, rowid FROM authors JOIN search ON search.rowid = authors.id "
        'WHERE search MATCH "any" ORDER BY rank'
    ).fetchall()


def popular(connection: sqlite3.Connection):
    return connection.execute(
        """
        WITH RECURSIVE days (day) AS (
            SELECT date('now', '-7 days') UNION ALL SELECT date(day, '+1 day') FROM days
        ), counted AS (
            SELECT article_id, COUNT(*) AS votes FROM favorites GROUP BY article_id
        )
        SELECT a.title, counted.votes, best.top, days.day
          FROM counted
          JOIN articles a ON a.id = counted.article_id
          JOIN (SELECT MAX(votes) AS top FROM counted) best
          CROSS JOIN days
         WHERE day >= date('now')
        """
    ).fetchall()


def save(connection: sqlite3.Connection, article):
    connection.execute(
        "INSERT INTO articles (id, slug, title) VALUES (:id, :slug, :title) "
        "ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, title = excluded.title "
        "WHERE articles.slug <> excluded.slug RETURNING id",
        article,
    )

import asyncpg

SCHEMA = """
CREATE TABLE articles (
    id serial PRIMARY KEY, title text, author text, made timestamptz, tags text[], meta jsonb,
    draft boolean, price numeric
);
CREATE TABLE votes (article integer PRIMARY KEY, note text, CONSTRAINT votes_key UNIQUE (article));
"""
STATEMENTS = (
    'SELECT DISTINCT ON (a.author) a.id, a.title FROM articles a ORDER BY a.author, made DESC NULLS LAST',
    "SELECT extract(epoch FROM made), extract(dow FROM a.made), date_trunc('day', made) AS day FROM articles a GROUP BY day, made",
    "SELECT position('a' IN title), substring(title FROM 1 FOR 3), trim(both ' ' FROM title), overlay(title PLACING 'x' FROM 2) FROM articles",
    "SELECT made AT TIME ZONE 'UTC', timestamp '2024-01-01' - made, interval '1 day' * 3, made::date FROM articles",
    "SELECT tags[1], tags[1:2], array_length(tags, 1), title = ANY(tags), 'x' <> ALL (tags) FROM articles",
    'SELECT meta -> \'a\' ->> \'b\', meta #>> \'{a,b}\', meta @> \'{"a": 1}\', meta ? \'k\', jsonb_path_query(meta, \'$.x\') FROM articles',
    'SELECT t.tag, t.n FROM articles a CROSS JOIN LATERAL unnest(a.tags) WITH ORDINALITY AS t(tag, n)',
    'SELECT x.k, x.v FROM articles, jsonb_to_recordset(meta) AS x(k int, v text)',
    "SELECT e.key, value ->> 'a' FROM articles a, jsonb_each(a.meta) e",
    "SELECT count(*) FILTER (WHERE draft), array_agg(title ORDER BY made), string_agg(DISTINCT title, ',') FROM articles",
    'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price), mode() WITHIN GROUP (ORDER BY title) FROM articles',
    'SELECT author, grouping(author), sum(price) FROM articles GROUP BY GROUPING SETS ((author), ())',
    'SELECT sum(price) OVER w, lag(price, 1) OVER (PARTITION BY author ORDER BY made) FROM articles WINDOW w AS (ORDER BY made)',
    "SELECT a FROM articles a WHERE a IS NOT NULL AND (a).title = 'x'",
    "SELECT to_jsonb(a) - 'meta', row_to_json(a), a.* FROM articles AS a TABLESAMPLE system (10)",
    "SELECT id FROM articles WHERE title IS DISTINCT FROM author AND title SIMILAR TO 'a%' AND title ~* 'x' FOR UPDATE OF articles SKIP LOCKED",
    'SELECT id FROM articles WHERE (id, title) IN (SELECT article, note FROM votes) FETCH FIRST 3 ROWS ONLY',
    "SELECT to_tsvector('english', title) @@ plainto_tsquery('x') AS hit, ts_rank(to_tsvector(title), to_tsquery('x')) FROM articles",
    "WITH moved AS (DELETE FROM votes WHERE article = 3 RETURNING *), kept AS (SELECT article FROM moved) INSERT INTO votes (article, note) SELECT article, 'again' FROM kept",
    'WITH RECURSIVE tree AS (SELECT id, 1 AS depth FROM articles UNION ALL SELECT a.id, depth + 1 FROM articles a JOIN tree ON tree.id = a.id) SEARCH DEPTH FIRST BY id SET ordering SELECT id, depth, ordering FROM tree',
    'INSERT INTO votes (article, note) VALUES (1, DEFAULT) ON CONFLICT ON CONSTRAINT votes_key DO UPDATE SET note = EXCLUDED.note WHERE votes.note <> excluded.note RETURNING xmax = 0 AS inserted',
    "INSERT INTO votes AS v (article) VALUES (1) ON CONFLICT (article) DO UPDATE SET note = v.note || 'x'",
    "UPDATE articles a SET (title, price) = (SELECT note, 1 FROM votes WHERE article = a.id), meta = jsonb_set(a.meta, '{x}', '1') FROM votes v WHERE v.article = a.id AND a.ctid IS NOT NULL",
    "UPDATE articles SET tags[1] = 'x', tags = array_append(tags, 'y') WHERE id = 1",
    'DELETE FROM articles USING votes v WHERE v.article = articles.id RETURNING articles.title',
    "SELECT gs.day::date, count(a.id) FROM generate_series(now() - interval '7 days', now(), '1 day') AS gs(day) LEFT JOIN articles a ON a.made::date = gs.day::date GROUP BY gs.day",
    "SELECT n.n, current_user, session_user, CURRENT_DATE, localtimestamp FROM (VALUES (1, 'a'), (2, 'b')) AS n(n, word)",
    'SELECT article, note FROM votes NATURAL JOIN (SELECT id AS article FROM articles) q WHERE note COLLATE "C" > \'a\'',
    "SELECT CASE WHEN draft THEN 'd' ELSE title END AS shown, coalesce(nullif(title, ''), author) FROM articles ORDER BY shown, 2",
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'",
    'SELECT id, lower(title) AS title, sum(price) AS price FROM public.articles GROUP BY id, lower(title) HAVING sum(price) > 1 ORDER BY price',
    'SELECT ROW(id, title), ARRAY(SELECT note FROM votes WHERE article = id), EXISTS (SELECT FROM votes WHERE article = articles.id) FROM articles',
    "SELECT CAST(price AS double precision), price::numeric(10, 2), id::text::uuid, '{1,2}'::int[] FROM articles",
    'MERGE INTO votes v USING articles a ON v.article = a.id WHEN MATCHED THEN UPDATE SET note = a.title WHEN NOT MATCHED THEN INSERT (article) VALUES (a.id)',
    'COPY articles (id, title) TO STDOUT WITH CSV',
    'LISTEN changes',
    'SELECT a.id FROM (articles a JOIN votes v ON v.article = a.id) LEFT JOIN (SELECT id AS other FROM articles) o ON o.other = v.article',
    'EXPLAIN ANALYZE SELECT title FROM articles',
    'SELECT a1.title FROM articles a1, articles a2 WHERE a1.author = a2.author AND a2.id IN (SELECT max(id) FROM articles GROUP BY author)',
)


async def run(connection: asyncpg.Connection) -> None:
    await connection.execute(SCHEMA)
    await connection.fetch(STATEMENTS[0])
    await connection.fetch(STATEMENTS[1])
    await connection.fetch(STATEMENTS[2])
    await connection.fetch(STATEMENTS[3])
    await connection.fetch(STATEMENTS[4])
    await connection.fetch(STATEMENTS[5])
    await connection.fetch(STATEMENTS[6])
    await connection.fetch(STATEMENTS[7])
    await connection.fetch(STATEMENTS[8])
    await connection.fetch(STATEMENTS[9])
    await connection.fetch(STATEMENTS[10])
    await connection.fetch(STATEMENTS[11])
    await connection.fetch(STATEMENTS[12])
    await connection.fetch(STATEMENTS[13])
    await connection.fetch(STATEMENTS[14])
    await connection.fetch(STATEMENTS[15])
    await connection.fetch(STATEMENTS[16])
    await connection.fetch(STATEMENTS[17])
    await connection.fetch(STATEMENTS[18])
    await connection.fetch(STATEMENTS[19])
    await connection.fetch(STATEMENTS[20])
    await connection.fetch(STATEMENTS[21])
    await connection.fetch(STATEMENTS[22])
    await connection.fetch(STATEMENTS[23])
    await connection.fetch(STATEMENTS[24])
    await connection.fetch(STATEMENTS[25])
    await connection.fetch(STATEMENTS[26])
    await connection.fetch(STATEMENTS[27])
    await connection.fetch(STATEMENTS[28])
    await connection.fetch(STATEMENTS[29])
    await connection.fetch(STATEMENTS[30])
    await connection.fetch(STATEMENTS[31])
    await connection.fetch(STATEMENTS[32])
    await connection.fetch(STATEMENTS[33])
    await connection.fetch(STATEMENTS[34])
    await connection.fetch(STATEMENTS[35])
    await connection.fetch(STATEMENTS[36])
    await connection.fetch(STATEMENTS[37])
    await connection.fetch(STATEMENTS[38])

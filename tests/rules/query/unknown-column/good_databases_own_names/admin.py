import psycopg2

SETUP = """
CREATE TABLE stock (sku text PRIMARY KEY, "unitPrice" numeric, added date);
"""


def report(dsn):
    connection = psycopg2.connect(dsn)
    cursor = connection.cursor()
    cursor.execute(SETUP)
    cursor.execute('SELECT s."unitPrice", sku FROM stock AS s WHERE added > CURRENT_DATE - 7')
    cursor.execute("SELECT extract(month FROM added), date_trunc('day', added) FROM stock")
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    cursor.execute("SELECT c.column_name FROM information_schema.columns c")
    cursor.execute("DELETE FROM stock USING pg_class p WHERE p.relname = stock.sku")
    cursor.execute("SELECT sku, row_number() OVER w AS n FROM stock WINDOW w AS (ORDER BY added)")
    cursor.execute("INSERT INTO stock SELECT sku || '-copy', s.\"unitPrice\", added FROM stock s")
    return cursor.fetchall()

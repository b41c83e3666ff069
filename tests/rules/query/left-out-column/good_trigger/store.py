import psycopg

SCHEMA = """
CREATE TABLE letters (
    id serial PRIMARY KEY,
    body text NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE FUNCTION stamp() RETURNS trigger AS $$
BEGIN
    NEW.received_at := now();
    RETURN NEW;
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER stamped BEFORE INSERT ON letters FOR EACH ROW EXECUTE FUNCTION stamp();
"""


def prepare(conn: psycopg.Connection) -> None:
    conn.execute(SCHEMA)
    conn.commit()


def receive(conn: psycopg.Connection, body: str) -> None:
    conn.execute("INSERT INTO letters (body) VALUES (%s)", (body,))
    conn.commit()

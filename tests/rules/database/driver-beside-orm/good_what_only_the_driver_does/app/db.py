from sqlalchemy import create_engine, event

from app.settings import DATABASE_URL

engine = create_engine(DATABASE_URL)


@event.listens_for(engine, "connect")
def configure(connection, record):
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.close()

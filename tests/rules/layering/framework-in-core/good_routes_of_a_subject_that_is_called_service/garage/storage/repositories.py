from sqlalchemy import create_engine, text

engine = create_engine("sqlite:///garage.db")


def bookings():
    with engine.connect() as connection:
        return [row.day for row in connection.execute(text("SELECT day FROM booking"))]


def cars_of():
    with engine.connect() as connection:
        return [row.plate for row in connection.execute(text("SELECT plate FROM car"))]

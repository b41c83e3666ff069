from kennel.db import get_db


def find_dog(dog_id):
    return get_db().execute("SELECT * FROM dogs WHERE id = ?", (dog_id,)).fetchone()


def list_dogs():
    return get_db().execute("SELECT id, name FROM dogs ORDER BY name LIMIT 50").fetchall()

from api.blueprint import api


@api.get("/orders")
def index():
    return []

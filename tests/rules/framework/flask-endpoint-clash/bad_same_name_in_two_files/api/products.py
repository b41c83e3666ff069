from api.blueprint import api


@api.get("/products")
def index():  # expect: framework/flask-endpoint-clash
    return []

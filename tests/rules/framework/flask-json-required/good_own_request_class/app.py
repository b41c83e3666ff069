from flask import Flask, Request, g, request


class LenientRequest(Request):
    def on_json_loading_failure(self, error):
        return {}


app = Flask(__name__)
app.request_class = LenientRequest


@app.before_request
def load():
    g.body = request.get_json()


@app.delete("/orders/<int:id>")
def cancel(id):
    return {"cancelled": id}

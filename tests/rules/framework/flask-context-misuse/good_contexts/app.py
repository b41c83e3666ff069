import threading

from flask import Flask, copy_current_request_context, current_app, g, has_request_context, request
from werkzeug.local import LocalProxy

app = Flask(__name__)
logger = LocalProxy(lambda: current_app.logger)
here = request

with app.app_context():
    print(current_app.name)

if has_request_context():
    print(request.path)


def send(application, address):
    with application.app_context():
        print(current_app.config["SMTP"], address)


def name():
    return g.name


@app.post("/orders")
def create():
    @copy_current_request_context
    def audit():
        print(request.remote_addr)

    threading.Thread(target=audit).start()
    threading.Thread(target=send, args=(current_app._get_current_object(), request.json["to"])).start()
    return {"name": name()}


if __name__ == "__main__":
    print(app.name)

import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, current_app, request

app = Flask(__name__)
pool = ThreadPoolExecutor()


def send():
    print(current_app.config["SMTP"])  # expect: framework/flask-context-misuse


def audit():
    print(request.remote_addr)  # expect: framework/flask-context-misuse


@app.post("/orders")
def create():
    threading.Thread(target=send, daemon=True).start()
    pool.submit(audit)
    return {}, 201

from flask import Flask, request

from pages import rename

app = Flask(__name__)


@app.put("/pages/<int:page_id>")
def put_page(page_id):
    page = rename(page_id, request.json["title"])
    return {"title": page.title, "changed": page.changed_at.isoformat()}  # expect: orm/lazy-load-detached

from flask import Flask, request

from tables import Page, sessions

app = Flask(__name__)


@app.put("/pages/<int:page_id>")
def put_page(page_id):
    with sessions() as session:
        page = session.get(Page, page_id)
        page.title = request.json["title"]
        session.commit()
        changed = page.changed_at
    return {"title": page.title, "changed": changed.isoformat()}


@app.get("/pages/<int:page_id>")
def get_page(page_id):
    with sessions() as session:
        page = session.get(Page, page_id)
    return {"title": page.title, "changed": page.changed_at.isoformat()}

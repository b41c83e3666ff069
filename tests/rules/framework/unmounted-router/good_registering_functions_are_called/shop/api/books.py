from flask.views import MethodView


class BooksView(MethodView):
    def get(self):
        return {"books": []}


def register(target) -> None:
    target.add_url_rule("/books", view_func=BooksView.as_view("books"))

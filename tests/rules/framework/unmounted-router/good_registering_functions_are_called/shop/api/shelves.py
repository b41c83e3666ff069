from flask.views import MethodView


class ShelvesView(MethodView):
    def get(self):
        return {"shelves": []}


def register(target) -> None:
    target.add_url_rule("/shelves", view_func=ShelvesView.as_view("shelves"))

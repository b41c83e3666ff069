from flask.views import MethodView


class LoansView(MethodView):
    def get(self):
        return {"loans": []}


def register(target) -> None:
    target.add_url_rule("/loans", view_func=LoansView.as_view("loans"))  # expect: framework/unmounted-router

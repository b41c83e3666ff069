from flask import Request


class ShopRequest(Request):
    @property
    def params(self) -> dict:
        return {**self.args, **(self.view_args or {})}

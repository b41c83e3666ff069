from fastapi import Header, HTTPException


class Allowed:
    def __init__(self, area, action):
        self.area = area
        self.action = action

    def __call__(self, x_yard: int = Header(), x_rights: str = Header("")):
        if f"{self.area}:{self.action}" not in x_rights:
            raise HTTPException(403)
        return x_rights, x_yard


class YardOf:
    def __call__(self, x_yard: int = Header()):
        return x_yard


def allowed(area, action):
    return Allowed(area, action)


yard_of = YardOf()

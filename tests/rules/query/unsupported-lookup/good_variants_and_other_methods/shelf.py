class Box:
    def __init__(self, extra):
        self.extra = extra

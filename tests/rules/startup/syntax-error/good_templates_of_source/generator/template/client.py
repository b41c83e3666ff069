from client.{{ version }}.models import Model


class {{ name }}(Model):
    pass

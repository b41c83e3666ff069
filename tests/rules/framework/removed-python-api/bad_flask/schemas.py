from marshmallow import Schema, fields, post_load


class BookSchema(Schema):
    id = fields.Int()

    @post_load  # expect: framework/removed-python-api
    def make(self, data):
        return data

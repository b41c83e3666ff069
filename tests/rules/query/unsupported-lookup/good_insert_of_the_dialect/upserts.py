from sqlalchemy import Insert
from sqlalchemy.ext.compiler import compiles


class general_insert(Insert):
    def on_conflict_do_nothing(self):
        return self


@compiles(general_insert)
def _compiled(element, compiler, **options):
    return compiler.visit_insert(element, **options) + " ON CONFLICT DO NOTHING"

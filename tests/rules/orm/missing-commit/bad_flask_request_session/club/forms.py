from flask_wtf import FlaskForm
from wtforms import StringField


class NoteForm(FlaskForm):
    note = StringField("Note")

from flask import Flask

from commands import purge_test_data
from models import Member, db

app = Flask(__name__)
db.init_app(app)
app.cli.add_command(purge_test_data)


@app.get("/members/<int:member_id>")
def get_member(member_id):
    return {"email": db.get_or_404(Member, member_id).email}

from flask import Flask, Response

app = Flask(__name__)


@app.get("/report")
def report():
    import openpyxl  # expect: startup/undeclared-dependency warning

    book = openpyxl.Workbook()
    return Response(str(book.active), mimetype="text/plain")

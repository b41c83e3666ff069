import lxml
from fastapi import FastAPI, File
from passlib.hash import bcrypt

app = FastAPI()


@app.post("/documents")
def upload(document: bytes = File()):
    return {"hash": bcrypt.hash(document), "parser": lxml.__version__}

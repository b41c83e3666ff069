import sqlite3

connection = sqlite3.connect("app.db")
for row in connection.execute("SELECT id, email FROM users"):
    print(row)

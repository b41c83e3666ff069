import psycopg2

HOST = "pg-primary.eu-west-1.rds.amazonaws.com"
PASSWORD = "hT7_kd93x"  # expect: database/hard-coded-credentials error


def connect():
    return psycopg2.connect(host=HOST, dbname="store", user="store_rw", password=PASSWORD)

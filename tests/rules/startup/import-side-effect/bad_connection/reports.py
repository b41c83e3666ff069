import psycopg2

connection = psycopg2.connect("postgresql://db/ledger")  # expect: startup/import-side-effect warning
TITLE = "Reports"

import psycopg2


class PostgresRunner:
    """Runs a user's query on the data source that the user has set up."""

    def __init__(self, configuration):
        self.configuration = configuration

    def run(self, query):
        connection = psycopg2.connect(
            host=self.configuration.get("host"),
            dbname=self.configuration.get("dbname"),
            user=self.configuration.get("user"),
            password=self.configuration.get("password"),
        )
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

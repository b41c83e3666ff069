module.exports = {
  development: { client: 'sqlite3', connection: { filename: './dev.db' } },
  production: { client: 'pg', connection: process.env.DATABASE_URL },
}

module.exports = {
  client: 'better-sqlite3', // expect: database/wrong-engine
  connection: { filename: './orders.db' },
  useNullAsDefault: true,
}

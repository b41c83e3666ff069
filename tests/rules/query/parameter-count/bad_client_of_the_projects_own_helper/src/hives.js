const { inTransaction } = require('./db');

async function rename(id, name) {
  return inTransaction(async (client) => {
    await client.query('INSERT INTO names (hive_id, name) VALUES ($1, $2)', [id]); // expect: query/parameter-count
    await client.query('UPDATE hives SET name = $2 WHERE id = $1', [id, name]);
  });
}

module.exports = { rename };

export async function makeTables(pool) {
  await pool.query('CREATE TABLE IF NOT EXISTS boats (id serial PRIMARY KEY, label text NOT NULL)');
}

const { Pool } = require('pg');

const pool = new Pool();

const Settings = {
  read: async function (label) {
    const found = await pool.query('SELECT value FROM settings WHERE label = $1', [label]);
    return found.rows[0];
  },

  isOpen: async function (defaults = {}) {
    try {
      const row = await this.read('open');
      return (row?.value ?? defaults.open) === 'yes';
    } catch (error) {
      console.error(error.message);
      return false;
    }
  },
};

async function limit() {
  const fallback = 10;
  try {
    const row = await Settings.read('limit');
    return row.value;
  } catch {
    return fallback;
  }
}

module.exports = { Settings, limit };

const { sequelize } = require('./models');

module.exports = (meterId) =>
  sequelize.query(
    'DELETE FROM meter_reading WHERE id IN (SELECT id FROM meter_reading WHERE meter_id = ? LIMIT 500)',
    { replacements: [meterId] },
  );

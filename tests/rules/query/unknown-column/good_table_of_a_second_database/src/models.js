const { DataTypes, Sequelize } = require('sequelize');
const duckdb = require('duckdb');
const config = require('./config');

const sequelize = new Sequelize(config.database, config.user, null, config);
const archive = new duckdb.Database('archive.duckdb');

archive.run('CREATE TABLE IF NOT EXISTS meter_reading (meter_id INTEGER, value DOUBLE)');

const Reading = sequelize.define('meter_reading', {
  id: { type: DataTypes.INTEGER, primaryKey: true },
  meterId: { type: DataTypes.INTEGER, field: 'meter_id' },
});

module.exports = { Reading, archive, sequelize };

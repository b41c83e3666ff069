import { QueryTypes } from 'sequelize';
import { Kiln, sequelize } from './models.js';

export async function ensure(name) {
  const [kiln, created] = await Kiln.findOrCreate({ where: { name } });
  const found = await Kiln.findOrCreate({ where: { name } });
  return { name: kiln.name, created, heat: found[0].heat, parts: found.length };
}

export async function page(limit) {
  const kilns = await Kiln.findAndCountAll({ limit });
  return { total: kilns.count, names: kilns.rows.map((kiln) => kiln.name) };
}

export async function hottest() {
  const [row] = await sequelize.query('SELECT name FROM Kilns ORDER BY heat DESC LIMIT 1', {
    type: QueryTypes.SELECT,
  });
  return row.name;
}

export async function cold() {
  const [rows] = await sequelize.query('SELECT name FROM Kilns WHERE heat < 900');
  const result = await sequelize.query('SELECT name FROM Kilns');
  return [...rows.map((row) => row.name), ...result[0].map((row) => row.name)];
}

export async function asked(options) {
  const rows = await sequelize.query('SELECT name FROM Kilns', options);
  return rows.map((row) => row.name);
}

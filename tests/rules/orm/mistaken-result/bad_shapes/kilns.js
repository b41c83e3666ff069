import { QueryTypes } from 'sequelize';
import { Kiln, sequelize } from './models.js';

export async function ensure(name) {
  const kiln = await Kiln.findOrCreate({ where: { name } }); // expect: orm/mistaken-result
  return { name: kiln.name };
}

export async function page(limit) {
  const kilns = await Kiln.findAndCountAll({ limit });
  return kilns.map((kiln) => kiln.name); // expect: orm/mistaken-result
}

export async function hot() {
  const [rows] = await sequelize.query('SELECT name FROM Kilns WHERE heat > 900', {
    type: QueryTypes.SELECT,
  });
  return rows.map((row) => row.name); // expect: orm/mistaken-result
}

export async function cold() {
  const rows = await sequelize.query('SELECT name FROM Kilns WHERE heat < 900'); // expect: orm/mistaken-result
  return rows.map((row) => row.name);
}

import express from 'express';
import { Sequelize, DataTypes } from 'sequelize';

const sequelize = new Sequelize('sqlite:harbour.db');
const Boat = sequelize.define('Boat', { label: DataTypes.STRING });
const app = express();
app.get('/boats', async (req, res) => res.json(await Boat.findAll({ limit: 50 })));

function prepare() {
  return sequelize.sync();
}

async function start() {
  await prepare();
  const ready = sequelize.sync();
  await ready;
  await Boat.sync();
  app.listen(3000);
}

export function later() {
  sequelize.sync().then(() => app.listen(3001)).catch(() => process.exit(1));
}

start();

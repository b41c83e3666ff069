import express from 'express';
import { Sequelize, DataTypes } from 'sequelize';

const sequelize = new Sequelize('sqlite:harbour.db');
const Boat = sequelize.define('Boat', { label: DataTypes.STRING });
const app = express();
app.get('/boats', async (req, res) => res.json(await Boat.findAll({ limit: 50 })));

sequelize.sync(); // expect: database/schema-not-awaited
app.listen(3000);

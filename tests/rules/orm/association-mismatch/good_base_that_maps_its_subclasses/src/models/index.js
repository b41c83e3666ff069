import { DataTypes } from 'sequelize';
import { Base } from './base.js';

export class Stop extends Base {}
Stop.initialize({ name: DataTypes.STRING }, { modelName: 'Stop' });

export class Tour extends Base {}
Tour.initialize({ title: DataTypes.STRING }, { modelName: 'Tour' });

Tour.hasMany(Stop);
Stop.belongsTo(Tour);

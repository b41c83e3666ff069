import { DataTypes, Model } from 'sequelize';

export class Boat extends Model {}

export function initBoat(sequelize) {
  Boat.init({ label: { type: DataTypes.STRING } }, { sequelize, modelName: 'Boat' });
}

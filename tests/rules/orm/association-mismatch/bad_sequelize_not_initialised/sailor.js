import { DataTypes, Model } from 'sequelize';

export class Sailor extends Model {}

export function initSailor(sequelize) {
  Sailor.init({ name: { type: DataTypes.STRING } }, { sequelize, modelName: 'Sailor' }); // expect: orm/association-mismatch
}

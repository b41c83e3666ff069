import { DataTypes, Model } from 'sequelize';
import { sequelize } from '../database.js';

export class Base extends Model {
  static initialize(columns, options) {
    this.init({ ...this.withAuthor(columns) }, { ...options, sequelize });
  }

  static withAuthor(columns) {
    return { ...columns, createdBy: { type: DataTypes.INTEGER } };
  }

  static async find(where, options = {}) {
    return this.findAll({ limit: 50, ...options, where });
  }

  static async one(id, options = {}) {
    return this.findOne({ ...options, where: { id } });
  }
}

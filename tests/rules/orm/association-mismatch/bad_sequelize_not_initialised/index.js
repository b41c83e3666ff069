import { Sequelize } from 'sequelize';
import { Boat, initBoat } from './boat.js';
import { Sailor } from './sailor.js';

export function prepare(sequelize) {
  initBoat(sequelize);
  Boat.hasMany(Sailor, { foreignKey: 'boatId', as: 'crew' });
  Sailor.belongsTo(Boat, { foreignKey: 'boatId', as: 'boat' });
}

prepare(new Sequelize('sqlite:harbour.db'));

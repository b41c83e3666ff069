import { Sequelize } from 'sequelize';
import { Boat, initBoat } from './boat.js';
import { Sailor, initSailor } from './sailor.js';

export function prepare(sequelize) {
  for (const init of [initBoat, initSailor]) init(sequelize);
  Boat.hasMany(Sailor, { foreignKey: 'boatId', as: 'crew' });
  Sailor.belongsTo(Boat, { foreignKey: 'boatId', as: 'boat' });
}

prepare(new Sequelize('sqlite:harbour.db'));

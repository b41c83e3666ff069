const { Model } = require('sequelize');

module.exports = (sequelize, DataTypes) => {
  class Room extends Model {
    static associate({ Booking, Feature }) {
      this.hasMany(Booking, { foreignKey: 'roomId', as: 'bookings' });
      this.belongsToMany(Feature, { through: 'room_features', as: 'features' });
    }
  }
  Room.init({ name: DataTypes.STRING, seats: DataTypes.INTEGER }, { sequelize, modelName: 'Room' });
  return Room;
};

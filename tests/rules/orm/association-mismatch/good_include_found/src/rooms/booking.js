module.exports = (sequelize, DataTypes) => {
  const Booking = sequelize.define('Booking', { from: DataTypes.DATE, until: DataTypes.DATE });
  Booking.associate = (models) => {
    Booking.belongsTo(models.Room, { foreignKey: 'roomId', as: 'room' });
  };
  return Booking;
};

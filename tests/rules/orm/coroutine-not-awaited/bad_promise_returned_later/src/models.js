const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.CLUB_DATABASE || 'sqlite:club.sqlite');

const Booking = sequelize.define('Booking', {
  status: { type: DataTypes.STRING, allowNull: false },
  seats: DataTypes.INTEGER,
});

module.exports = { sequelize, Booking };

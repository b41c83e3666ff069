const { DataTypes } = require("sequelize");
const sequelize = require("../db/connection");

module.exports = sequelize.define("Cart", { code: { type: DataTypes.STRING, unique: true } });

const { DataTypes } = require("sequelize");
const sequelize = require("../db/connection");

module.exports = sequelize.define("Product", { code: { type: DataTypes.STRING, unique: true } });

const { DataTypes } = require('sequelize');
const { sequelize } = require('./database');
const classes = require('./models/cargo');

classes.Cargo.configure(sequelize);
classes.Crate.init({ size: DataTypes.INTEGER }, { sequelize });

const { Sequelize } = require('sequelize');

module.exports = new Sequelize('postgres://reader:kLm33-anis@reports.tickets-and-more.io/tickets'); // expect: database/hard-coded-credentials

const { connect } = require('./associations');
const db = require('./db');

connect(db);
db.sequelize.sync();

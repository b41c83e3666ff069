const { Sequelize } = require('sequelize');

const OPTIONS = { hooks: true, force: true };

class Database {
  constructor(url) {
    this.sequelize = new Sequelize(url);
  }

  async prepare() {
    await this.sequelize.authenticate();
    await this.sequelize.sync(OPTIONS); // expect: database/dropped-at-start
  }
}

module.exports = { Database };

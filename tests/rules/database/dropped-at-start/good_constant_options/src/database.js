const { Sequelize } = require('sequelize');

const OPTIONS = { hooks: true, force: false };

class Database {
  constructor(url) {
    this.sequelize = new Sequelize(url);
  }

  async prepare() {
    await this.sequelize.authenticate();
    await this.sequelize.sync(OPTIONS);
  }
}

module.exports = { Database };

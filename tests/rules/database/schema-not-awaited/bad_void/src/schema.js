import { Sequelize } from 'sequelize';

export const sequelize = new Sequelize('sqlite:library.sqlite');

export async function prepare() {
  await sequelize.authenticate();
  void sequelize.sync(); // expect: database/schema-not-awaited
}

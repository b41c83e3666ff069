import { Sequelize } from 'sequelize';

export const sequelize = new Sequelize('sqlite:library.sqlite');

export async function prepare() {
  await sequelize.authenticate();
  await sequelize.sync();
}

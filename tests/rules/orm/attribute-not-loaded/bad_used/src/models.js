import { DataTypes, Sequelize } from 'sequelize';

export const sequelize = new Sequelize(process.env.DATABASE_URL);

export const Writer = sequelize.define('Writer', { name: DataTypes.STRING, born: DataTypes.INTEGER });
export const Poem = sequelize.define('Poem', {
  title: DataTypes.STRING,
  text: DataTypes.TEXT,
  metre: DataTypes.STRING,
});
Poem.belongsTo(Writer, { as: 'writer', foreignKey: 'writerId' });

import { DataTypes, Op, Sequelize } from 'sequelize'

export const sequelize = new Sequelize({ dialect: 'sqlite', storage: ':memory:' })
export const Tree = sequelize.define('Tree', { kind: DataTypes.STRING, planted: DataTypes.DATE })
export const Basket = sequelize.define('Basket', { treeId: DataTypes.INTEGER })
export const young = () => Tree.findAll({ where: { planted: { [Op.gt]: new Date(2020, 0) } } })

import { Tree } from './models.js'

export async function byKind(kind, after) {
  return Tree.findAll({ where: { kind, planted: { [Op.gt]: after } } }) // expect: any/undefined-name
}

export async function harvest(id) {
  const found = await Tree.findByPk(id)
  await Basket.create({ treeId: found.id }) // expect: any/undefined-name
}

export function jarsRepository({ Jar, Shelf }) {
  return {
    all: () => Jar.findAll({ include: [{ model: Shelf, as: 'shelf' }], limit: 50 }),
    one: (id) => Jar.findByPk(id, { include: [{ model: Shelf, as: 'rack' }] }), // expect: orm/association-mismatch
  };
}

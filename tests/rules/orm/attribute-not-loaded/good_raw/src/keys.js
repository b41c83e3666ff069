const { Reader } = require('./models');

exports.keys = async function keys(names) {
  const readers = await Reader.bulkCreate(names.map((name) => ({ name })));
  return readers.map((reader) => reader.id);
};

exports.again = async function again(names) {
  await Reader.bulkCreate(names.map((name) => ({ name })), { ignoreDuplicates: true });
  const readers = await Reader.findAll({ where: { name: names } });
  return readers.map((reader) => reader.id);
};

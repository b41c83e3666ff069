const { Reader } = require('./models');

exports.keys = async function keys(names) {
  const readers = await Reader.bulkCreate(names.map((name) => ({ name })), { ignoreDuplicates: true });
  return readers.map((reader) => reader.id); // expect: orm/attribute-not-loaded
};

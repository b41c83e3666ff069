const { NotFoundError } = require('../domain/errors');

exports.find = async (id) => {
  if (id > 10) {
    throw new NotFoundError(`book ${id}`);
  }
  return { id };
};

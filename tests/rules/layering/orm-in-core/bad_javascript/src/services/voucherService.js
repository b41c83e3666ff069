const { UniqueConstraintError } = require("sequelize"); // expect: layering/orm-in-core error
const repository = require("../repositories/couponRepository");

exports.issue = async (code) => {
  try {
    return await repository.create(code);
  } catch (error) {
    if (error instanceof UniqueConstraintError) return null;
    throw error;
  }
};

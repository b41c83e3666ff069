class Base {
  constructor(model) {
    this.model = model;
  }

  find(options) {
    return this.model.findOne(options);
  }

  change(values, options) {
    return this.model.update(values, options);
  }

  remove(where, transaction) {
    return this.model.destroy({ where, transaction });
  }
}

module.exports = { Base };

class MillRepository {
  constructor(models) {
    this.models = models;
  }

  byCode(code) {
    return this.models.Mill.findOne({ where: { code } });
  }

  add(values) {
    return this.models.Mill.create(values);
  }
}

module.exports = { MillRepository };

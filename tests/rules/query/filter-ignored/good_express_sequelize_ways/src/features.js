class Features {
  constructor(model, query) {
    this.model = model;
    this.query = query;
    this.options = { where: {} };
  }

  filter() {
    const { page, sort, limit, ...fields } = this.query;
    this.options.where = { ...this.options.where, ...fields };
    return this;
  }

  sort() {
    if (this.query.sort) {
      const [column, direction] = this.query.sort.split(':');
      this.options.order = [[column, direction]];
    }
    return this;
  }

  paginate() {
    const page = Number(this.query.page) || 1;
    this.options.limit = 20;
    this.options.offset = (page - 1) * 20;
    return this;
  }

  run() {
    return this.model.findAll(this.options);
  }
}

module.exports = { Features };

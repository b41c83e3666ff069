class MillService {
  constructor(mills) {
    this.mills = mills;
  }

  find(code) {
    return this.mills.byCode(code);
  }

  open(name) {
    return this.mills.add({ name });
  }
}

module.exports = { MillService };

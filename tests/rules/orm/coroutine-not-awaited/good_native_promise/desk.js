const bcrypt = require('bcryptjs');

class Desk {
  constructor(members) {
    this.members = members;
  }

  async enter(name, password) {
    const member = this.members.find(name);
    if (!member || !(await bcrypt.compare(password, member.digest))) {
      throw new Error('wrong name or password');
    }
    return member;
  }

  check(member, password, done) {
    bcrypt.compare(password, member.digest, done);
    return !bcrypt.compareSync(password, member.digest);
  }

  async all(names) {
    return names.map((name) => this.members.find(name));
  }
}

module.exports = { Desk };

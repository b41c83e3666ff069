const bcrypt = require('bcryptjs');

class Desk {
  constructor(members) {
    this.members = members;
  }

  async enter(name, password) {
    const member = this.members.find(name);
    if (!member || !bcrypt.compare(password, member.digest)) { // expect: orm/coroutine-not-awaited
      throw new Error('wrong name or password');
    }
    return member;
  }

  async all(names) {
    return names.map((name) => this.members.find(name));
  }
}

module.exports = { Desk };

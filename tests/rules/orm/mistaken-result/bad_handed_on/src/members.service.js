class MemberService {
  constructor(members) {
    this.members = members;
  }

  view(member) {
    return { mail: member.email, nick: member.nick };
  }

  async page(number) {
    const found = await this.members.page(number);
    return { total: found.length, members: found.rows.map((row) => row.nick) };  // expect: orm/mistaken-result
  }

  async one(email) {
    const member = await this.members.byEmail(email);
    return member ? this.view(member) : null;
  }

  async rename(id, nick) {
    const member = await this.members.rename(id, nick);
    return { nick: member.nick };  // expect: orm/mistaken-result
  }

  async invite(email) {
    const member = await this.members.invite(email);
    return { mail: member.email };  // expect: orm/mistaken-result
  }

  async remove(id) {
    const member = await this.members.remove(id);
    return { mail: member.email };  // expect: orm/mistaken-result
  }
}

module.exports = { MemberService };

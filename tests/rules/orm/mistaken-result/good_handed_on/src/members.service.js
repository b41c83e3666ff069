class MemberService {
  constructor(members) {
    this.members = members;
  }

  view(member) {
    return { mail: member.email, nick: member.nick };
  }

  async page(number) {
    const found = await this.members.page(number);
    return { total: found.count, members: found.rows.map((row) => row.nick) };
  }

  async alike(emails) {
    const found = await Promise.all(emails.map((email) => this.members.all(email)));
    return found.flat().filter((member) => member.nick).map((member) => this.view(member));
  }

  async one(email) {
    const member = await this.members.byEmail(email);
    return member ? this.view(member) : null;
  }

  async rename(id, nick) {
    const member = await this.members.rename(id, nick);
    return { nick: member.nick };
  }

  async invite(email) {
    const member = await this.members.invite(email);
    return { mail: member.email };
  }

  async remove(id) {
    const member = await this.members.remove(id);
    return { gone: member > 0 };
  }
}

module.exports = { MemberService };

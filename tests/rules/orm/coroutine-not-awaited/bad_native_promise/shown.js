function shown(member) {
  return { name: member.name, id: member.id };
}

async function shownLater(member) {
  const found = await member;
  return { name: found.name, id: found.id };
}

module.exports = { shown, shownLater };

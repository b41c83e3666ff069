const articles = require('./articles');

function toProfile(user) {
  return { name: user.name };
}

function get(user) {
  return { ...toProfile(user), articles: articles.list(user) };
}

module.exports = { get, toProfile };

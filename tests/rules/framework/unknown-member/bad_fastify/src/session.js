function signIn(request, reply) {
  reply.setCookie('session', request.body.token); // expect: framework/unknown-member
  return { agent: request.get('user-agent') }; // expect: framework/unknown-member
}

module.exports = { signIn };

let requests = 0;

async function requireUser(request) {
  if (!request.headers.authorization) {
    throw new Error('signed out');
  }
}

function count(request, reply, done) {
  requests += 1;
  done();
}

function refuse(request, reply) {
  reply.code(503).send();
}

function later(request) {
  return requireUser(request);
}

module.exports = { requireUser, count, refuse, later };

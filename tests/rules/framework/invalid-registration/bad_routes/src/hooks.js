let requests = 0;

async function requireUser(request) {
  if (!request.headers.authorization) {
    throw new Error('signed out');
  }
}

function count(request) { // expect: fastify/invalid-registration
  requests += 1;
  request.log.info({ requests });
}

module.exports = { requireUser, count };

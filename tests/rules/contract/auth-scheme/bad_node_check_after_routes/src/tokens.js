module.exports = new Set([process.env.TOKEN]);

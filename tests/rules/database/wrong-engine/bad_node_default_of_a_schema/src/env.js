const { z } = require('zod');

const schema = z.object({
  PORT: z.coerce.number().default(3000),
  DATABASE_URL: z.string().default('sqlite::memory:'),
});

module.exports = { env: schema.parse(process.env) };

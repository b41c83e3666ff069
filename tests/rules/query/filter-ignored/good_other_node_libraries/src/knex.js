import knex from "knex";

export const db = knex({ client: "pg", connection: process.env.DATABASE_URL });

export function ships({ flag, port, q }) {
  const query = db("ships").select("id", "name", "flag");
  if (flag) query.where("flag", flag);
  return query
    .modify((builder) => {
      if (port) builder.andWhere({ port });
    })
    .where(function () {
      if (q) this.whereILike("name", `%${q}%`).orWhereILike("callsign", `%${q}%`);
    });
}

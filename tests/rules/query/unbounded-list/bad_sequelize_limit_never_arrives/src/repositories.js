import { Seed, Trade } from "./models.js";

export class SeedRepository {
  async page(where, { limit, offset }) {
    const { rows, count } = await Seed.findAndCountAll({ where, order: [["id", "DESC"]] }); // expect: query/unbounded-list
    return { seeds: rows, count };
  }
}

export const trades = {
  recent: (limit) => Trade.findAll({ order: [["createdAt", "DESC"]], limit }),
  open: () => Trade.findAll({ where: { open: true } }), // expect: query/unbounded-list
};

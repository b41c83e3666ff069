import type pg from "pg";

export class ParcelRepository {
  constructor(private readonly pool: pg.Pool) {}

  async list() {
    const { rows } = await this.pool.query("SELECT id, label FROM parcels ORDER BY id LIMIT 50");
    return rows;
  }
}

import type { Pool } from "pg";

export interface CrateFilter {
  depot?: string;
  sealed?: string;
  limit: number;
}

export class CrateRepository {
  constructor(private readonly pool: Pool) {}

  async search(filter: CrateFilter) {
    const params: unknown[] = [];
    const conditions: string[] = [];
    if (filter.depot) {
      params.push(filter.depot);
      conditions.push(`depot = $${params.length}`);
    }
    params.push(filter.limit);
    const where = conditions.length ? `WHERE ${conditions.join(" AND ")}` : "";
    const result = await this.pool.query(
      `SELECT id, label, depot, sealed_at FROM crates ${where} ORDER BY id LIMIT $${params.length}`,
      params,
    );
    return result.rows;
  }
}

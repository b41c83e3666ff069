import { CrateRepository, type CrateFilter } from "./crate-repository.js";

export class CrateService {
  constructor(private readonly crates: CrateRepository) {}

  async find(filter: CrateFilter) {
    const rows = await this.crates.search({ depot: filter.depot, limit: filter.limit });
    return rows.map((row) => ({ id: row.id, label: row.label }));
  }
}

import { Knex } from 'knex'

type Db = Knex | Knex.Transaction

export class Store {
  protected db: Db
  protected table: string

  constructor(table: string, db: Db) {
    this.table = table
    this.db = db
  }

  async labelled(label: string) {
    return await this.db(this.table).where({ label })
  }
}

export class Links extends Store {
  constructor(db: Db) {
    super('links', db)
  }

  async planned(): Promise<string[]> {
    const rows = await this.db
      .select('links.url', 'plans.label')
      .from<{ url: string }>('links')
      .leftJoin('plans', 'plans.link_id', 'links.id')
      .where({ label: 'x' })
    return rows.map((row) => row.url)
  }

  async trim() {
    await this.db
      .with('newest', (q) => {
        q.select('id').from('links').orderBy('id', 'desc').limit(10)
      })
      .from('links')
      .whereNotIn('id', this.db.select('newest.id').from('newest'))
      .delete()
  }
}

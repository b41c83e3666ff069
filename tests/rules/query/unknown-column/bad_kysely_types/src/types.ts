import type { Generated } from 'kysely'

interface Stamped {
  created_at: Generated<Date>
}

export interface OwnerTable extends Stamped {
  id: Generated<number>
  full_name: string
}

export interface Database {
  owner: OwnerTable
}

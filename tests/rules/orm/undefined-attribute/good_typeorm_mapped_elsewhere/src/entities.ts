import { Column, Entity, EntitySchema, PrimaryGeneratedColumn, TableInheritance, ChildEntity } from 'typeorm';
import { Stamped } from '@library/entities';
import { Money } from './columns.js';

@Entity()
export class Fee {
  @PrimaryGeneratedColumn()
  id!: number;

  @Money()
  amount!: number;
}

@Entity()
export class Reminder extends Stamped {
  @Column()
  text!: string;
}

@Entity()
@TableInheritance({ column: 'kind' })
export class Medium {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  title!: string;
}

@ChildEntity()
export class Film extends Medium {
  @Column()
  minutes!: number;
}

export const Shelf = new EntitySchema<{ id: number; place: string }>({
  name: 'shelf',
  columns: { id: { type: Number, primary: true, generated: true }, place: { type: String } },
});

import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Board {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ nullable: true })
  keyId?: string;

  @Column()
  archived!: boolean;
}

export const source = new DataSource({ type: 'postgres', entities: [Board], synchronize: true });

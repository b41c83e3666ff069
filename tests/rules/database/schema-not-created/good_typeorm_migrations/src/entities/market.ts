import { Column, Entity, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
import { Stall } from './stall.js';

@Entity()
export class Market {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  town!: string;

  @OneToMany(() => Stall, (stall) => stall.market)
  stalls!: Stall[];
}

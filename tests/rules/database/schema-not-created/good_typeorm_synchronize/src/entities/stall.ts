import { Column, Entity, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Market } from './market.js';

@Entity()
export class Stall {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  trade!: string;

  @ManyToOne(() => Market, (market) => market.stalls)
  market!: Market;
}

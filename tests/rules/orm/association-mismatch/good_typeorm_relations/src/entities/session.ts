import { Entity, JoinColumn, ManyToOne, OneToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Reader } from './reader.js';

@Entity()
export class Card {
  @PrimaryGeneratedColumn()
  id!: number;

  @OneToOne(() => Reader)
  @JoinColumn({ name: 'reader_id' })
  reader!: Reader;

  /** The key is here: that the other side is no relation makes no difference. */
  @ManyToOne(() => Reader, (reader) => reader.id)
  guarantor!: Reader;
}

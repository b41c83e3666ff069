import { Column } from 'typeorm';

/** A column of money, which is stored in cents. */
export function Money(): PropertyDecorator {
  return Column({ type: 'int', transformer: { to: (euro: number) => euro * 100, from: (cent: number) => cent / 100 } });
}
